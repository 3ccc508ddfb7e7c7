namespace Functional.Core

open System
open System.Runtime.InteropServices

/// The elements of one evaluated tensor: pinned memory that starts at a multiple of 64 bytes, is never zeroed without need, and goes
/// back to the garbage collector by itself.
[<Sealed>]
type Storage(dtype: DType, count: int) =
    let byteLength = int64 count * int64 (DType.size dtype)

    do
        if byteLength > int64 Int32.MaxValue - 128L then
            Errors.shape "buffer" $"{count} elements of {DType.name dtype}" "less than 2 GiB" "split the data"

    // An array of bytes on the pinned heap: at least 64 bytes, so that kernels may read one whole vector.
    let bytes = GC.AllocateUninitializedArray<byte>(max 64 (int byteLength) + 64, true)
    let start = Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0)
    let offset = int ((64n - (start &&& 63n)) &&& 63n)

    member _.DType = dtype
    member _.Count = count
    member _.ByteLength = int byteLength

    /// Stays valid as long as the buffer object is reachable.
    member _.Address = start + nativeint offset

    member _.Bytes: Span<byte> = Span<byte>(bytes, offset, int byteLength)
    member this.Floats: Span<float32> = MemoryMarshal.Cast<byte, float32>(this.Bytes)
    member this.Doubles: Span<float> = MemoryMarshal.Cast<byte, float>(this.Bytes)
    member this.Ints: Span<int> = MemoryMarshal.Cast<byte, int>(this.Bytes)

[<RequireQualifiedAccess>]
module Storage =
    let ofFloat32 (values: float32[]) =
        let buffer = Storage(Float32, values.Length)
        values.CopyTo(buffer.Floats)
        buffer

    let ofFloat64 (values: float[]) =
        let buffer = Storage(Float64, values.Length)
        values.CopyTo(buffer.Doubles)
        buffer

    let ofInt32 (values: int[]) =
        let buffer = Storage(DType.Int32, values.Length)
        values.CopyTo(buffer.Ints)
        buffer

    /// A float64 as an int32: toward zero, NaN is 0, beyond the range is the nearest end.
    let truncate (value: float) =
        if Double.IsNaN value then 0
        elif value >= 2147483647.0 then Int32.MaxValue
        elif value <= -2147483648.0 then Int32.MinValue
        else int value

    /// `count` elements with one value.
    let filled dtype count (value: float) =
        let buffer = Storage(dtype, count)

        match dtype with
        | Float32 -> buffer.Floats.Fill(float32 value)
        | Float64 -> buffer.Doubles.Fill value
        | Int32 -> buffer.Ints.Fill(truncate value)

        buffer

    let copy (source: Storage) =
        let buffer = Storage(source.DType, source.Count)
        source.Bytes.CopyTo(buffer.Bytes)
        buffer

    /// Element `i` as float64, whatever its type.
    let item (buffer: Storage) i : float =
        match buffer.DType with
        | Float32 -> float buffer.Floats[i]
        | Float64 -> buffer.Doubles[i]
        | Int32 -> float buffer.Ints[i]

    /// The elements as float64, whatever their type.
    let toFloat64 (buffer: Storage) : float[] =
        match buffer.DType with
        | Float32 -> Array.map float (buffer.Floats.ToArray())
        | Float64 -> buffer.Doubles.ToArray()
        | Int32 -> Array.map float (buffer.Ints.ToArray())

    /// Elements of type `dtype` from float64.
    let ofValues dtype (values: float[]) =
        match dtype with
        | Float32 -> ofFloat32 (Array.map float32 values)
        | Float64 -> ofFloat64 values
        | Int32 -> ofInt32 (Array.map truncate values)
