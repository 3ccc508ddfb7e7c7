namespace Functional.Core.Tests

open System
open System.IO
open FsCheck
open Functional.Core
open Xunit

type PngTests() =
    let parse bytes =
        use input = Input.OfStoredBytes("test.png", bytes)
        Png.parse input

    let grey width height (pixels: byte[]) =
        {
            Width = width
            Height = height
            Channels = 1
            Pixels = pixels
        }

    [<Fact>]
    member _.``the check word of 123456789 is the published one``() =
        Assert.Equal(0xCBF43926u, Crc32.compute (ReadOnlySpan "123456789"B))

    [<Fact>]
    member _.``what is encoded decodes, grey and colour``() =
        Check.QuickThrowOnFailure(fun (pixels: NonEmptyArray<byte>) ->
            let row = grey pixels.Get.Length 1 pixels.Get
            let column = grey 1 pixels.Get.Length pixels.Get

            let colour =
                {
                    Width = 1
                    Height = pixels.Get.Length
                    Channels = 3
                    Pixels = Array.collect (fun p -> [| p; 255uy - p; 7uy |]) pixels.Get
                }

            List.forall (fun picture -> parse (Png.encode picture) = picture) [ row; column; colour ])

    [<Fact>]
    member _.``all five filters decode``() =
        let picture = Png.read (Golden.path "filters.png")

        let expected =
            [|
                for y in 0..9 do
                    for x in 0..8 do
                        byte (28 * x)
                        byte (23 * y + 71)
                        byte (28 * x + 23 * y + 142)
            |]

        Assert.Equal(
            {
                Width = 9
                Height = 10
                Channels = 3
                Pixels = expected
            },
            picture
        )

    [<Fact>]
    member _.``numbers become grey levels, clamped``() =
        let picture =
            Png.ofFloats [| 1; 6 |] (ReadOnlySpan [| -1.0f; 0.0f; 0.2f; 1.0f; 9.0f; nanf |])

        Assert.Equal<byte[]>([| 0uy; 0uy; 51uy; 255uy; 255uy; 0uy |], picture.Pixels)

        let colour =
            Png.ofFloats [| 3; 1; 2 |] (ReadOnlySpan [| 1.0f; 0.0f; 0.0f; 0.0f; 0.0f; 1.0f |])

        Assert.Equal<byte[]>([| 255uy; 0uy; 0uy; 0uy; 0uy; 255uy |], colour.Pixels)

    [<Fact>]
    member _.``a grid leaves padding around every picture``() =
        let grid = Png.grid 2 1 [| for level in 1uy .. 3uy -> grey 1 1 [| level |] |]
        let p = 128uy

        let expected =
            [|
                p
                p
                p
                p
                p
                p
                1uy
                p
                2uy
                p
                p
                p
                p
                p
                p
                p
                3uy
                p
                p
                p
                p
                p
                p
                p
                p
            |]

        Assert.Equal(grey 5 5 expected, grid)

    [<Fact>]
    member _.``damage is refused``() =
        let bytes = Png.encode (grey 3 3 (Array.init 9 byte))

        for i in 0 .. bytes.Length - 1 do
            let damaged = Array.copy bytes
            damaged[i] <- damaged[i] ^^^ 16uy
            throws<InvalidDataException>(fun () -> parse damaged |> ignore) |> ignore

            throws<InvalidDataException>(fun () -> parse bytes[.. i - 1] |> ignore)
            |> ignore
