namespace Functional.Core.Graph

open Functional.Core

/// Tensors of several types one behind the other in one int32 vector, which is how a node, that has one result, holds a whole state.
[<RequireQualifiedAccess>]
module Pack =
    let private bytesOfWord = DType.size DType.Int32

    /// A cache line, at which every tensor begins: memory is read in whole vectors.
    let private line = 64 / bytesOfWord

    /// The words that a tensor's elements fill.
    let words dtype (shape: int[]) =
        Shape.count shape * (DType.size dtype / bytesOfWord)

    /// Where each tensor begins, and behind the last of them the number of words of all.
    let starts (types: struct (DType * int[])[]) : int[] =
        types
        |> Array.scan (fun start (struct (dtype, shape)) -> start + max 1 ((words dtype shape + line - 1) / line) * line) 0

    /// The distance in bytes of a word from the first.
    let byteOffset (word: int) = int64 word * int64 bytesOfWord
