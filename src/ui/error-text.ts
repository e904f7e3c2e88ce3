/** The sentence and the next step for every error code. `docs/errors.md` is written from here. */

import { msg, str } from '@lit/localize';
import type { ErrorCode, PlainError } from '../shared/app-error.ts';
import { maxDeclaredPixels, maxFileBytes } from '../shared/limits.ts';

export interface ErrorText {
  /** What happened. */
  readonly sentence: string;
  /** What to do now. */
  readonly nextStep: string;
}

const pixelsInMegapixel = 1e6;
const bytesInMegabyte = 1e6;

/** Functions, so that each call speaks the language of the moment. */
const texts: Readonly<Record<ErrorCode, () => ErrorText>> = {
  'file-empty': () => ({
    sentence: msg('This file is empty.'),
    nextStep: msg('Copy it again from where it came, then open the new copy.'),
  }),
  'file-too-large': () => ({
    sentence: msg(str`This file is larger than ${maxFileBytes / bytesInMegabyte} MB.`),
    nextStep: msg('Export the X-ray as one JPEG or PNG picture and open that.'),
  }),
  'file-unreadable': () => ({
    sentence: msg('The device could not read this file.'),
    nextStep: msg('Check that the card or stick is still connected, then open the file again.'),
  }),
  'file-is-folder': () => ({
    sentence: msg('This is a folder, not a picture.'),
    nextStep: msg('Open the folder and choose the pictures inside it; several at once are fine.'),
  }),
  'format-unknown': () => ({
    sentence: msg('This file is no picture that Chester knows.'),
    nextStep: msg('Open a JPEG, PNG or WebP picture of the chest X-ray, or take a photo of the film.'),
  }),
  'format-unsupported': () => ({
    sentence: msg('This kind of picture cannot be read yet.'),
    nextStep: msg('Save the X-ray as JPEG or PNG and open that.'),
  }),
  'format-heic': () => ({
    sentence: msg('This is a HEIC picture, and this browser cannot read it.'),
    nextStep: msg(
      'On the iPhone choose Settings, Camera, Formats, Most Compatible, and take the photo again; or send it as JPEG.',
    ),
  }),
  'format-is-text': () => ({
    sentence: msg('This is a text file, not a picture.'),
    nextStep: msg('Choose the picture of the X-ray: a JPEG, PNG or WebP file.'),
  }),
  'format-is-svg': () => ({
    sentence: msg('This is a drawing (SVG). An X-ray is never stored like this, and drawings can carry programs.'),
    nextStep: msg('Choose the picture of the X-ray: a JPEG, PNG or WebP file.'),
  }),
  'format-is-archive': () => ({
    sentence: msg('This is an archive: neither a picture nor a model that was saved from Chester.'),
    nextStep: msg('Unpack it and open the pictures inside. A model is one file that ends in .chesterpack.'),
  }),
  'image-too-large': () => ({
    sentence: msg(str`This picture has more than ${maxDeclaredPixels / pixelsInMegapixel} megapixels.`),
    nextStep: msg('Save it at a smaller size, for example 4000 pixels on its long side, and open that.'),
  }),
  'image-truncated': () => ({
    sentence: msg('The end of this picture is missing.'),
    nextStep: msg('It was probably cut off while it was copied or sent: copy it again and open the new copy.'),
  }),
  'image-corrupt': () => ({
    sentence: msg('This picture is damaged and cannot be read.'),
    nextStep: msg('Get a new copy of it from where it came, or take a photo of the film.'),
  }),
  'image-cmyk': () => ({
    sentence: msg('This picture uses printing colours (CMYK), which X-rays do not have.'),
    nextStep: msg('Save it in grey or RGB, as JPEG or PNG, and open that.'),
  }),
  'dicom-no-image': () => ({
    sentence: msg('This DICOM file holds no picture: it is a report, a plan, a directory or the like.'),
    nextStep: msg('Open the file of the same study that holds the X-ray; it is usually the largest.'),
  }),
  'dicom-no-frame': () => ({
    sentence: msg('This DICOM file has fewer pictures than that.'),
    nextStep: msg('Choose one of the pictures that it has.'),
  }),
  'dicom-unsupported': () => ({
    sentence: msg('This DICOM file stores its picture in a way that Chester does not read.'),
    nextStep: msg('Export the X-ray as PNG or JPEG from the viewer that you use and open that.'),
  }),
  'dicom-too-complex': () => ({
    sentence: msg('This DICOM file unfolds into far more than any X-ray needs. It was not read further.'),
    nextStep: msg('Export the X-ray anew from where it came. Do not trust this copy.'),
  }),
  'needs-browser': () => ({
    sentence: msg('Only the app in a browser can read this kind of picture, not the command line.'),
    nextStep: msg('Convert it to PNG or JPEG first, or open it in the app.'),
  }),
  'decode-timeout': () => ({
    sentence: msg('Reading this picture took too long and was stopped.'),
    nextStep: msg('Save it as a plain JPEG or PNG, or at a smaller size, and open that.'),
  }),
  'decode-out-of-memory': () => ({
    sentence: msg('This picture needs more memory than the device has free.'),
    nextStep: msg('Close other apps and try again, or save the picture at a smaller size.'),
  }),
  'decode-crashed': () => ({
    sentence: msg('Reading this picture failed.'),
    nextStep: msg('Try again. If it fails again, save it as a plain JPEG or PNG and open that.'),
  }),
  'engine-start-failed': () => ({
    sentence: msg('The part that computes the scores could not start in this browser.'),
    nextStep: msg('Close the app and open it again. If that does not help, update the browser.'),
  }),
  'engine-timeout': () => ({
    sentence: msg('Computing took far too long and was stopped.'),
    nextStep: msg('Close other apps, keep this one in front and try again.'),
  }),
  'engine-out-of-memory': () => ({
    sentence: msg('The device has too little memory free to compute the scores.'),
    nextStep: msg('Close other apps and browser tabs, then try again.'),
  }),
  'engine-crashed': () => ({
    sentence: msg('Computing the scores broke off.'),
    nextStep: msg('Try again: it has been started anew. Your other X-rays are not affected.'),
  }),
  'known-answer-mismatch': () => ({
    sentence: msg(
      'This device computes wrong answers for test pictures whose answers are known, so no result is shown.',
    ),
    nextStep: msg('Update the browser or use another device. Do not rely on earlier results from this device.'),
  }),
  'wrong-output': () => ({
    sentence: msg('The model gave an answer that cannot be right, so it is not shown.'),
    nextStep: msg('Try again. If it happens again, remove the model under Storage and download it anew.'),
  }),
  'gradient-unavailable': () => ({
    sentence: msg('This device or this model cannot compute which pixels would change the score.'),
    nextStep: msg('Choose “Cover and compare” instead; it takes longer and works everywhere.'),
  }),
  'pack-missing': () => ({
    sentence: msg('The model is not on this device yet.'),
    nextStep: msg('Connect to the internet once and let the download finish.'),
  }),
  'pack-invalid': () => ({
    sentence: msg('The model that was received does not follow its own description.'),
    nextStep: msg('Try the download again later; tell whoever runs this site.'),
  }),
  'pack-version-unknown': () => ({
    sentence: msg('This model was made for a newer version of the app.'),
    nextStep: msg('Connect to the internet and update the app.'),
  }),
  'pack-hash-mismatch': () => ({
    sentence: msg('A part of the model arrived changed and was thrown away.'),
    nextStep: msg('Try again, if you can over another network.'),
  }),
  'pack-damaged': () => ({
    sentence: msg('The model stored on this device is damaged.'),
    nextStep: msg('Connect to the internet: the damaged part is downloaded again.'),
  }),
  'pack-file-invalid': () => ({
    sentence: msg('This model file is not whole, or was changed. Nothing of it was kept.'),
    nextStep: msg('Save it again on the device that it came from, copy it anew and open the new copy.'),
  }),
  'pack-name-reserved': () => ({
    sentence: msg('This file carries the name of a published model but is not that model, so it was refused.'),
    nextStep: msg('Get the model from this site, or from a device that has it from there. Nothing was changed here.'),
  }),
  'pack-same-version': () => ({
    sentence: msg('Another model with the same name and version is on this device already.'),
    nextStep: msg('Remove that one under Models first, or ask for the file under another version number.'),
  }),
  'pack-in-use': () => ({
    sentence: msg('This model reads the X-rays now, and there is no other one for that.'),
    nextStep: msg('Choose another model for findings first, then remove this one.'),
  }),
  'pack-replaced': () => ({
    sentence: msg('The model that was chosen cannot be used any more. Chester goes on without it.'),
    nextStep: msg('Look under Models for the reason. Each result names the model that answered.'),
  }),
  'catalog-invalid': () => ({
    sentence: msg('The list of models on the server cannot be read.'),
    nextStep: msg('Try again later; tell whoever runs this site.'),
  }),
  'download-failed': () => ({
    sentence: msg('The download broke off. What has arrived is kept.'),
    nextStep: msg('Continue when the connection is better; nothing is downloaded twice.'),
  }),
  'download-not-the-file': () => ({
    sentence: msg('The network answered with another page instead of the file, as hotel and café networks do.'),
    nextStep: msg('Log in to the network in the browser, or use another one, then continue.'),
  }),
  'storage-unavailable': () => ({
    sentence: msg('The browser does not let this page keep anything.'),
    nextStep: msg('Leave the private window, or allow this site to store data, and open it again.'),
  }),
  'storage-full': () => ({
    sentence: msg('There is no room left on this device.'),
    nextStep: msg('Delete files or apps that are not needed, then try again. What was kept before is still there.'),
  }),
  'storage-failed': () => ({
    sentence: msg('The device could not store or read what was kept.'),
    nextStep: msg('Close the app and open it again. If it stays so, remove everything under Storage.'),
  }),
  'storage-newer-version': () => ({
    sentence: msg('What is kept on this device was written by a newer version of the app.'),
    nextStep: msg('Connect to the internet and update the app.'),
  }),
  'service-worker-failed': () => ({
    sentence: msg('The part that makes the app work offline could not be installed.'),
    nextStep: msg('Reload the page while connected. Private windows do not allow it.'),
  }),
  'service-worker-silent': () => ({
    sentence: msg('The part that makes the app work offline does not answer.'),
    nextStep: msg('Close all windows of the app and open it again.'),
  }),
  'camera-interrupted': () => ({
    sentence: msg('The device closed this page while the camera was open, and the photo was lost.'),
    nextStep: msg('Take the photo with the camera app, then open it here from the gallery.'),
  }),
  'camera-refused': () => ({
    sentence: msg('The browser does not let this page use the camera.'),
    nextStep: msg(
      'Take the photo with the camera app instead, or allow the camera for this site in the browser’s settings.',
    ),
  }),
  'camera-absent': () => ({
    sentence: msg('No camera was found on this device.'),
    nextStep: msg('Open a photo of the film that was taken with another device.'),
  }),
  'camera-busy': () => ({
    sentence: msg('The camera does not start: another app may be using it.'),
    nextStep: msg('Close other apps that use the camera and try again, or take the photo with the camera app.'),
  }),
  'camera-lost': () => ({
    sentence: msg('The camera stopped: it was unplugged, or another app took it.'),
    nextStep: msg('Connect it again and try again, or open a photo that was taken with another camera.'),
  }),
  'camera-black': () => ({
    sentence: msg('The camera shows nothing but black.'),
    nextStep: msg('Uncover the lens. If it stays black, take the photo with the camera app.'),
  }),
  cancelled: () => ({
    sentence: msg('Cancelled.'),
    nextStep: msg('Start it again when you like.'),
  }),
  'wrong-usage': () => ({
    sentence: msg('The command was called in a way that it does not know.'),
    nextStep: msg('Call it with --help to see what it accepts.'),
  }),
  unexpected: () => ({
    sentence: msg('Something went wrong that nobody foresaw.'),
    nextStep: msg('Try again. If it happens again, reload the page and report the details shown here.'),
  }),
};

export function errorText(code: ErrorCode): ErrorText {
  return texts[code]();
}

/** Code and details for whoever is asked for help; values only, no sentence, so not translated. */
export function errorDetails(error: PlainError): string {
  const details = Object.entries(error.details).map(([name, value]) => `${name}=${value}`);
  return [error.code, ...details].join(' · ');
}
