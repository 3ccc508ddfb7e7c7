namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Images on larger canvases, and back.
type CanvasTests() =
    static let set (shape: int[]) count =
        Array.init (count * Array.reduce (*) shape) (fun i -> float32 (i % 11) / 10.0f)
        |> Dataset.create "pictures" shape
        |> Dataset.withLabels (Array.init count id)

    [<Fact>]
    member _.``an image lies in the middle, with -1 around it``() =
        let canvas = Canvas.create 4 [ 1; 2 ]
        Assert.Equal<int list>([ 1; 4; 4 ], canvas.Shape)

        let placed =
            Canvas.place canvas (Dataset.create "pictures" [| 1; 2 |] [| 0.5f; 1.0f; 0.0f; 0.25f |])

        let o = -1.0f

        let row a b =
            [| o; o; o; o; o; a; b; o; o; o; o; o; o; o; o; o |]

        Assert.Equal<float32[]>(Array.append (row 0.0f 1.0f) (row -1.0f -0.5f), placed.Features)

    [<Theory>]
    [<InlineData(32, 28, 28)>]
    [<InlineData(32, 29, 29)>]
    [<InlineData(8, 3, 12)>]
    [<InlineData(0, 5, 6)>]
    member _.``what was placed can be cut out again``(side: int, height: int, width: int) =
        for shape in [ [| height; width |]; [| 3; height; width |] ] do
            let pictures = set shape 4
            let canvas = Canvas.create side (Array.toList shape)
            let placed = Canvas.place canvas pictures
            let channels = if shape.Length = 3 then 3 else 1
            Assert.Equal<int[]>([| channels; max side height; max side width |], placed.Shape)
            Assert.Equal(pictures.Labels, placed.Labels)
            let back = Canvas.cut canvas placed.Features
            Assert.All(Array.zip pictures.Features back, (fun (before, after) -> Assert.Equal(before, after, 6)))

    [<Fact>]
    member _.``rows that are no images have no margins``() =
        let canvas = Canvas.create 32 [ 2 ]
        let placed = Canvas.place canvas (Dataset.create "points" [| 2 |] [| 0.0f; 1.0f |])
        Assert.Equal<float32[]>([| -1.0f; 1.0f |], placed.Features)
        Assert.Equal<float32[]>([| 0.0f; 1.0f |], Canvas.cut canvas placed.Features)

    [<Fact>]
    member _.``a negative side is refused``() =
        Assert.Contains("side: found -1", throws<ArgumentException>(fun () -> Canvas.create -1 [ 28; 28 ] |> ignore).Message)
