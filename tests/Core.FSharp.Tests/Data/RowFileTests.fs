namespace Functional.Core.Tests

open System
open System.IO
open System.Runtime.InteropServices
open Functional.Core
open Xunit

type RowFileTests() =
    let folder = Directory.CreateTempSubdirectory "functional-"
    let path = Path.Combine(folder.FullName, "rows.npy")

    /// Writes rows whose first number is their own; a row of 1000 numbers shares its block with 64 others.
    let writeScaled (scale: float32) (count: int) (size: int) =
        let numbers =
            Array.init (count * size) (fun i -> scale * (float32 (i / size) + float32 (i % size) / 1024f))

        let array =
            {
                Name = "rows"
                DType = Float32
                Shape = [| count; size |]
                Bytes = MemoryMarshal.AsBytes(ReadOnlySpan numbers).ToArray()
            }

        File.WriteAllBytes(path, Npy.encode array)
        numbers

    let write count size = writeScaled 1f count size

    let key = Threefry.ofSeed 5L

    let options shuffle =
        {
            Size = 7
            Shuffle = shuffle
            DropLast = false
        }

    /// The numbers of all batches, one after the other.
    let dealt shuffle number (set: Dataset) =
        let epoch = Batches.epoch (options shuffle) key number set
        let numbers = Array.zeroCreate<float32>(7 * set.RowSize)

        [|
            for batch in 0 .. epoch.Count - 1 do
                let rows = epoch.Fill(batch, Span numbers)
                yield! Array.take (rows * set.RowSize) numbers
        |]

    let firsts (size: int) (numbers: float32[]) =
        numbers |> Array.chunkBySize size |> Array.map (fun row -> int row[0])

    interface IDisposable with
        member _.Dispose() = folder.Delete true

    [<Theory>]
    [<InlineData(200, 1000)>]
    [<InlineData(131, 1000)>]
    [<InlineData(3, 1000)>]
    [<InlineData(3, 100000)>]
    member _.``rows of a file are those of memory, whole and each once``(count: int, size: int) =
        let numbers = write count size
        let set = Npy.rowsOf "rows" path
        Assert.Equal((count, size), (set.Count, set.RowSize))
        Assert.Equal<float32[]>(numbers, dealt false 0 set)
        let shuffled = dealt true 0 set
        Assert.Equal<int[]>([| 0 .. count - 1 |], Array.sort (firsts size shuffled))

        for row in Array.chunkBySize size shuffled do
            Assert.Equal<float32[]>(Array.sub numbers (int row[0] * size) size, row)

    [<Fact>]
    member _.``the order depends on the key and the epoch alone and is mixed``() =
        write 1000 1000 |> ignore

        let order number =
            firsts 1000 (dealt true number (Npy.rowsOf "rows" path))

        Assert.Equal<int[]>(order 1, order 1)
        Assert.NotEqual<int[]>(order 1, order 2)
        // Blocks of 65 rows are shuffled, and rows within them.
        let blocks = order 1 |> Array.map (fun row -> row / 65) |> Array.distinct
        Assert.Equal(16, blocks.Length)
        Assert.NotEqual<int[]>([| 0..15 |], blocks)
        Assert.Equal(15, Array.last blocks)
        Assert.NotEqual<int[]>([| 0..64 |], order 1 |> Array.filter (fun row -> row < 65))

    [<Fact>]
    member _.``a batch is the same whichever was read before it``() =
        write 500 1000 |> ignore
        let set = Npy.rowsOf "rows" path
        let whole = dealt true 3 set
        let epoch = Batches.epoch (options true) key 3 set
        let numbers = Array.zeroCreate<float32>(7 * 1000)

        for batch in [ 40; 0; 70; 39; 40 ] do
            Assert.Equal(7, epoch.Fill(batch, Span numbers))
            Assert.Equal<float32[]>(Array.sub whole (batch * 7000) 7000, numbers)

    [<Fact>]
    member _.``training reads rows from a file, with the same bits every time``() =
        writeScaled (1f / 4000f) 4000 Tiny.rowSize |> ignore

        let trained () =
            let training =
                Tiny.start Tiny.engine { Tiny.options with Epochs = 2 } 1L (Npy.rowsOf "rows" path)

            let notes = Tiny.finish training
            Assert.Equal(1600, notes.Steps.Length)
            Tiny.bits training

        Assert.Equal<float[]>(trained (), trained ())

    [<Fact>]
    member _.``what needs all rows in memory says so``() =
        write 10 4 |> ignore
        let set = Npy.rowsOf "rows" path

        let error = throws<InvalidOperationException>(fun () -> set.Features |> ignore)

        Assert.Contains($"rows: found rows that stay in the file {path}, expected rows in memory", error.Message)

    [<Fact>]
    member _.``other files are refused``() =
        let refused (change: byte[] -> byte[]) (expected: string) =
            write 10 4 |> ignore
            File.WriteAllBytes(path, change (File.ReadAllBytes path))

            let error = throws<InvalidDataException>(fun () -> Npy.rowsOf "rows" path |> ignore)

            Assert.Contains(expected, error.Message)

        let replace (from: string) (into: string) (bytes: byte[]) =
            Text.Encoding.Latin1.GetBytes(Text.Encoding.Latin1.GetString(bytes).Replace(from, into))

        refused (replace "<f4" "<f8") "<f8 of shape [10; 4], C order"
        refused (replace "False" "True ") "Fortran order"
        refused (replace "(10, 4)" "(40,)  ") "shape [40]"
        refused (replace "(10, 4)" "(11, 4)") "shape [11; 4] and 160 bytes"
        refused (fun bytes -> Array.take (bytes.Length - 1) bytes) "and 159 bytes"

    [<Fact>]
    member _.``a file that becomes shorter is an error that names the byte``() =
        write 200 1000 |> ignore
        let set = Npy.rowsOf "rows" path

        use file =
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)

        file.SetLength 400000L

        let error = throws<InvalidDataException>(fun () -> dealt false 0 set |> ignore)

        Assert.Contains("byte 400000", error.Message)
