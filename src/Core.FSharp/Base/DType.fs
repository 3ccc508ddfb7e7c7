namespace Functional.Core

/// What a tensor's elements are. Floats carry gradients; int32 holds indices, labels and keys.
[<Struct>]
type DType =
    | Float32
    | Float64
    | Int32

[<RequireQualifiedAccess>]
module DType =
    /// Bytes of one element.
    let size dtype =
        match dtype with
        | Float32
        | Int32 -> 4
        | Float64 -> 8

    let isFloat dtype =
        match dtype with
        | Float32
        | Float64 -> true
        | Int32 -> false

    /// The name used in messages and files: float32, float64, int32.
    let name dtype =
        match dtype with
        | Float32 -> "float32"
        | Float64 -> "float64"
        | Int32 -> "int32"
