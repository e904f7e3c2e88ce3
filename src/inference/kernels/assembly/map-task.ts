/** What most tasks begin with: which map is read and which is written. The same fields as `mapFields` in ../kernel-tasks.ts. */
@unmanaged
export class MapTask {
  /** Address of the first pixel that is read; where a class says so, in the border of zeros around the map. */
  input: usize;
  inputRowBytes: i32;
  inputPixelBytes: i32;
  output: usize;
  outputRowBytes: i32;
  outputPixelBytes: i32;
  /** Of the output, where a class says nothing else. */
  height: i32;
  width: i32;
}
