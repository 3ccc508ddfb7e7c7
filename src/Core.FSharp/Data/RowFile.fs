namespace Functional.Core

open System
open System.IO
open System.Runtime.InteropServices

/// Rows of float32 numbers that stay in a file: a block of neighbouring rows is in memory at a time, however many there are.
[<Sealed>]
type RowFile internal (path: string, offset: int64, rowSize: int, count: int) =
    // Large enough to be read at a disk's pace, small enough for a cache.
    static let blockBytes = 1 <<< 18

    let rowBytes = 4L * int64 rowSize
    let blockRows = max 1 (blockBytes / (4 * rowSize)) |> min count
    let block: float32[] = Array.zeroCreate (blockRows * rowSize)
    let handle = File.OpenHandle path
    let mutable current = -1

    let load index =
        let first = index * blockRows
        let rows = min blockRows (count - first)

        let mutable rest =
            MemoryMarshal.AsBytes(Span(block)).Slice(0, int (int64 rows * rowBytes))

        let mutable place = offset + int64 first * rowBytes
        current <- -1

        while rest.Length > 0 do
            let read = RandomAccess.Read(handle, rest, place)

            if read = 0 then
                Errors.data path $"byte {place}" "the end of the file" $"{count} rows of {rowSize} numbers, as it had before" ""

            rest <- rest.Slice read
            place <- place + int64 read

        current <- index

    member _.Path = path

    /// Numbers in a row.
    member _.RowSize = rowSize

    /// Rows.
    member _.Count = count

    /// Rows that are read at once.
    member _.BlockRows = blockRows

    /// Copies a row to the start of `destination`; it is read with its block unless that is in memory. For one thread at a time.
    /// Errors: data, when the file has become shorter.
    member _.CopyRow(row: int, destination: Span<float32>) : unit =
        let index = row / blockRows

        if index <> current then
            load index

        ReadOnlySpan(block, (row - index * blockRows) * rowSize, rowSize).CopyTo destination

    interface IDisposable with
        member _.Dispose() = handle.Dispose()
