namespace Functional.Core.Engines

open Functional.Core
open Functional.Core.Compile

/// A program made ready to run. Safe to use from many threads.
type Executable =
    /// Reads `inputs` and writes `outputs`, in the program's order. A donated input's buffer may be given again as its output.
    abstract Run: inputs: Storage[] * outputs: Storage[] -> unit

    /// Bytes of memory that a run needs beside inputs and outputs.
    abstract PeakBytes: int64

    /// The steps of a run, a line each.
    abstract Describe: unit -> string

/// What runs programs. Engines attach here and nowhere else.
type Engine =
    abstract Name: string
    abstract Prepare: Program -> Executable
