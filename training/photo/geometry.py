"""Where a flat film comes to lie in a photograph: a pinhole camera (Hartley & Zisserman 2004, section 6.1)."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pose:
    """How the film lies to the camera. Degrees; `share` is its larger extent over the frame's, 0..1."""

    tilt: float
    tilt_axis: float
    rotation: float
    share: float
    field_of_view: float


def _rotation(pose: Pose) -> np.ndarray:
    turn, axis, tilt = np.radians([pose.rotation, pose.tilt_axis, pose.tilt])
    about_sight = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    # Rodrigues: a turn by `tilt` about an axis that lies in the film.
    x, y = np.cos(axis), np.sin(axis)
    cross = np.array([[0, 0, y], [0, 0, -x], [-y, x, 0]])
    lean = np.eye(3) + np.sin(tilt) * cross + (1 - np.cos(tilt)) * cross @ cross
    return lean @ about_sight


def project(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    """`points` [n, 2] through a homography."""
    lifted = np.c_[points, np.ones(len(points))] @ homography.T
    return lifted[:, :2] / lifted[:, 2:]


def homography_between(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """[3, 3] that takes each of four points [4, 2] to its counterpart (Hartley & Zisserman 2004, section 4.1)."""
    rows = []
    for (x, y), (to_x, to_y) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -to_x * x, -to_x * y, -to_x])
        rows.append([0, 0, 0, x, y, 1, -to_y * x, -to_y * y, -to_y])
    return np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)


def film_homography(
    pose: Pose, film: tuple[float, float], frame: tuple[int, int], centre: tuple[float, float]
) -> np.ndarray:
    """Plane of the film (its centre at 0, in the unit of `film` = width, height) to pixels of `frame` (width, height).

    `centre` is where the middle of the film's bounding box goes, in shares of the room that the film leaves, 0..1.
    """
    width, height = frame
    focal = max(frame) / 2 / np.tan(np.radians(pose.field_of_view) / 2)
    rotation = _rotation(pose)
    half = np.array(film) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half

    def at(distance: float) -> np.ndarray:
        camera = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
        return camera @ np.c_[rotation[:, :2], [0, 0, distance]]

    def share(distance: float) -> float:
        seen = project(at(distance), corners)
        return float(np.max(np.ptp(seen, axis=0) / np.array(frame)))

    near, far = float(np.linalg.norm(half)) * 0.75, 200.0 * max(film)
    for _ in range(60):
        middle = np.sqrt(near * far)
        near, far = (middle, far) if share(middle) > pose.share else (near, middle)
    found = at(far)
    seen = project(found, corners)
    low, high = seen.min(axis=0), seen.max(axis=0)
    room = np.array(frame) - (high - low)
    # The camera is moved sideways without turning it: a shift of the sensor.
    shift = room * np.array(centre) - low
    return np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]]) @ found


def plane_coordinates(homography: np.ndarray, frame: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """For the centre of each pixel, the point of the film's plane that is seen there: two float32 [height, width]."""
    width, height = frame
    inverse = np.linalg.inv(homography)
    x = np.arange(width, dtype=np.float32) + 0.5
    y = np.arange(height, dtype=np.float32)[:, None] + 0.5
    low = (inverse[2, 0] * x + inverse[2, 1] * y + inverse[2, 2]).astype(np.float32)
    # Beyond the horizon nothing of the plane is seen; what is drawn there lies far away.
    low = np.where(low * np.sign(inverse[2, 2]) < 1e-6, np.float32(1e-6 * np.sign(inverse[2, 2])), low)
    u = (inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2]).astype(np.float32) / low
    v = (inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2]).astype(np.float32) / low
    return u, v
