namespace Functional.Core

open System

/// The order of the rows in one epoch: from a place and a number of places to the rows there, valid until it is asked again.
type internal RowOrder = delegate of start: int * count: int -> ReadOnlyMemory<int>

[<RequireQualifiedAccess>]
module internal RowOrder =
    /// Memory for as many rows as are asked for at a time.
    let private room () =
        let mutable rows: int[] = [||]

        fun count ->
            if rows.Length < count then
                rows <- Array.zeroCreate count

            rows

    /// As they are.
    let given () : RowOrder =
        let room = room ()

        RowOrder(fun start count ->
            let rows = room count

            for i in 0 .. count - 1 do
                rows[i] <- start + i

            ReadOnlyMemory(rows, 0, count))

    /// All shuffled among one another.
    let shuffled key (count: int) : RowOrder =
        let order = Threefry.permutation key count
        RowOrder(fun start count -> ReadOnlyMemory(order, start, count))

    /// Blocks of neighbours shuffled, and the rows within each, so that each block is read once. A short last block stays last. Memory is
    /// needed for the rows of a block and for the number of each block.
    let shuffledBlocks key (blockRows: int) (count: int) : RowOrder =
        let whole = count / blockRows
        let blocks = Array.append (Threefry.permutation key whole) [| whole |]
        let mutable current = -1
        let mutable within: int[] = [||]
        let room = room ()

        let enter place =
            current <- place
            let first = blocks[place] * blockRows

            within <-
                Threefry.permutation (Threefry.foldIn key blocks[place]) (min blockRows (count - first))
                |> Array.map ((+) first)

        RowOrder(fun start count ->
            let rows = room count

            for i in 0 .. count - 1 do
                let place = (start + i) / blockRows

                if place <> current then
                    enter place

                rows[i] <- within[(start + i) % blockRows]

            ReadOnlyMemory(rows, 0, count))
