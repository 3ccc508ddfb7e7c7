namespace Functional.Core.Tests

open System
open System.IO
open FsCheck
open Functional.Core
open Xunit

type IdxTests() =
    let parse bytes =
        use input = Input.OfBytes("test.idx", bytes)
        Idx.parse input

    let refused bytes =
        throws<InvalidDataException>(fun () -> parse bytes |> ignore)

    let small =
        {
            Element = IdxElement.UInt8
            Shape = [| 2; 3 |]
            Bytes = [| 0uy; 51uy; 255uy; 1uy; 2uy; 3uy |]
        }

    let smallBytes =
        [|
            0uy
            0uy
            8uy
            2uy
            0uy
            0uy
            0uy
            2uy
            0uy
            0uy
            0uy
            3uy
            0uy
            51uy
            255uy
            1uy
            2uy
            3uy
        |]

    [<Fact>]
    member _.``known bytes are written and read``() =
        Assert.Equal<byte[]>(smallBytes, Idx.encode small)
        Assert.Equal(small, parse smallBytes)
        Assert.Equal(small, parse (Golden.gzip smallBytes))

    [<Fact>]
    member _.``unsigned bytes become grey levels``() =
        Assert.Equal<float32[]>([| 0.0f; 0.2f; 1.0f |], Array.take 3 (Idx.toFloat32 small))

    [<Theory>]
    [<InlineData(0x09uy, "FF", -1.0f)>]
    [<InlineData(0x0Buy, "FF00", -256.0f)>]
    [<InlineData(0x0Cuy, "00010000", 65536.0f)>]
    [<InlineData(0x0Duy, "3FC00000", 1.5f)>]
    [<InlineData(0x0Euy, "3FF8000000000000", 1.5f)>]
    member _.``every element type is big-endian``(code: byte, hex: string, expected: float32) =
        let bytes =
            Array.concat [ [| 0uy; 0uy; code; 1uy; 0uy; 0uy; 0uy; 1uy |]; Convert.FromHexString hex ]

        Assert.Equal<float32[]>([| expected |], Idx.toFloat32 (parse bytes))

    [<Fact>]
    member _.``what is written reads back``() =
        Check.QuickThrowOnFailure(fun (rows: NonEmptyArray<byte>) ->
            let array =
                {
                    Element = IdxElement.UInt8
                    Shape = [| rows.Get.Length; 1 |]
                    Bytes = rows.Get
                }

            parse (Idx.encode array) = array
            && parse (Golden.gzip (Idx.encode array)) = array)

    [<Fact>]
    member _.``a short, a long and a lying file are refused with the byte``() =
        Assert.Contains("byte 12: found sizes [2; 3] and room for at most 5 bytes", (refused smallBytes[..16]).Message)
        Assert.Contains("byte 18: found more bytes", (refused (Array.append smallBytes [| 0uy |])).Message)
        let lying = Array.copy smallBytes
        lying[4] <- 0x7Fuy
        Assert.Contains("[2130706434; 3]", (refused lying).Message)
        lying[4] <- 0xFFuy
        Assert.Contains("[-16777214; 3]", (refused lying).Message)

    [<Fact>]
    member _.``a cut, extended or damaged gzip file is refused``() =
        let packed = Golden.gzip smallBytes
        refused packed[.. packed.Length - 2] |> ignore
        refused packed[.. packed.Length / 2] |> ignore
        refused (Array.append packed [| 1uy; 2uy; 3uy; 4uy |]) |> ignore
        let damaged = Array.copy packed
        damaged[packed.Length - 6] <- damaged[packed.Length - 6] ^^^ 1uy
        Assert.Contains("does not decompress", (refused damaged).Message)

    [<Fact>]
    member _.``a gzip file that could hold what its header claims, but does not, costs only what it holds``() =
        let key = Threefry.ofSeed 3L
        let noise = Array.init 20_000 (fun i -> byte (Threefry.word key (int64 i)))
        let claim = 1000 * noise.Length

        let packed =
            Golden.gzip (
                Idx.encode
                    {
                        Element = IdxElement.UInt8
                        Shape = [| claim |]
                        Bytes = noise
                    }
            )

        refused packed |> ignore
        let before = GC.GetAllocatedBytesForCurrentThread()
        Assert.Contains("found a file with 20000 bytes left", (refused packed).Message)
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0L, 1_000_000L)

    [<Fact>]
    member _.``a missing file and a folder are named``() =
        let missing =
            throws<FileNotFoundException>(fun () -> Idx.read "no-such.idx" |> ignore)

        Assert.Equal("no-such.idx does not exist.", missing.Message)

        Golden.inFolder (fun folder ->
            let error = throws<FileNotFoundException>(fun () -> Idx.read folder |> ignore)

            Assert.Contains("is a folder", error.Message))

    [<Fact>]
    member _.``labels must be as many as rows``() =
        Golden.inFolder (fun folder ->
            let rows, labels = Path.Combine(folder, "rows"), Path.Combine(folder, "labels")

            Idx.write rows small

            let write count =
                Idx.write
                    labels
                    {
                        Element = IdxElement.UInt8
                        Shape = [| count |]
                        Bytes = Array.init count byte
                    }

            write 2
            let set = Idx.dataset "small" rows (Some labels)
            Assert.Equal<int32[] option>(Some [| 0; 1 |], set.Labels)
            Assert.Equal<int[]>([| 3 |], set.Shape)
            Assert.Equal(64, set.Sha256.Length)
            write 3

            let error =
                throws<InvalidDataException>(fun () -> Idx.dataset "small" rows (Some labels) |> ignore)

            Assert.Contains("found 3 labels, expected 2", error.Message))

    [<MnistFact>]
    member _.``MNIST reads as published``() =
        let mnist = Sources.resolve None 1L "mnist"
        let test = mnist.Test.Value
        Assert.Equal(60000, mnist.Train.Count)
        Assert.Equal<int[]>([| 28; 28 |], test.Shape)
        Assert.Equal<int32[]>([| 7; 2; 1; 0; 4; 1; 4; 9; 5; 9 |], Array.take 10 test.Labels.Value)
        // The mean grey level of the training images, as LeCun's data is known for.
        Assert.Equal(0.1307, Array.averageBy float mnist.Train.Features, 4)
        Assert.Equal(1.0f, Array.max test.Features)
