namespace Functional.Core

open System
open System.Runtime.InteropServices

/// An array as files hold it: little-endian elements in row-major order.
type NamedArray =
    {
        Name: string
        DType: DType
        Shape: int[]
        Bytes: byte[]
    }

/// Between arrays of numbers and the bytes of files.
[<RequireQualifiedAccess>]
module NamedArray =
    /// The elements of an array of `shape`.
    let private count (shape: int[]) =
        shape |> Array.fold (fun product size -> product * int64 size) 1L

    let private make<'a when 'a: struct and 'a :> ValueType and 'a: (new: unit -> 'a)> name dtype (shape: int[]) (values: 'a[]) =
        if count shape <> int64 values.Length then
            Errors.shape name $"{values.Length} elements" $"{count shape} for shape {Errors.show shape}" ""

        {
            Name = name
            DType = dtype
            Shape = Array.copy shape
            Bytes = MemoryMarshal.AsBytes(ReadOnlySpan values).ToArray()
        }

    /// A float32 array; the values are copied.
    let ofFloat32 name shape (values: float32[]) = make name Float32 shape values

    /// A float64 array; the values are copied.
    let ofFloat64 name shape (values: float[]) = make name Float64 shape values

    /// An int32 array; the values are copied.
    let ofInt32 name shape (values: int32[]) = make name DType.Int32 shape values

    let private view<'a when 'a: struct and 'a :> ValueType and 'a: (new: unit -> 'a)> (array: NamedArray) : 'a[] =
        MemoryMarshal.Cast<byte, 'a>(ReadOnlySpan array.Bytes).ToArray()

    /// The numbers as float32; other types are rounded.
    let toFloat32 array =
        match array.DType with
        | Float32 -> view<float32> array
        | Float64 -> view<float> array |> Array.map float32
        | Int32 -> view<int32> array |> Array.map float32

    /// The numbers as float64, exactly.
    let toFloat64 array =
        match array.DType with
        | Float32 -> view<float32> array |> Array.map float
        | Float64 -> view<float> array
        | Int32 -> view<int32> array |> Array.map float

    /// The numbers as int32. Errors: shape, when the array holds fractions or numbers beyond int32.
    let toInt32 array =
        let whole (x: float) =
            if x = floor x && abs x <= 2147483647.0 then
                int32 x
            else
                Errors.shape array.Name $"the number {x}" "whole numbers of 32 bits" ""

        match array.DType with
        | Int32 -> view<int32> array
        | Float32
        | Float64 -> toFloat64 array |> Array.map whole
