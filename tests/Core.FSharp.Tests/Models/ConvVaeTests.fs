namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type ConvVaeTests() =
    static let tiny =
        {
            Image = [ 2; 5; 6 ]
            Convolutions = [ 2, 2; 3, 1; 4, 2 ]
            Kernel = 3
            Hidden = [ 5 ]
            LatentSize = 2
            Activation = Activation.Tanh
            Likelihood = Bernoulli
        }

    static let shapes (vae: Vae) =
        Tree.leaves vae
        |> Array.map (fun leaf -> leaf.Path, List.ofArray leaf.Tensor.Shape)
        |> Array.filter (fun (path, _) -> path.EndsWith "Weight")
        |> Array.map snd
        |> List.ofArray

    static let create shape = ConvVae.create shape (Key.ofSeed 1L)

    [<Fact>]
    member _.``the lecture's network has the lecture's layers``() =
        let expected =
            [
                [ 32; 1; 3; 3 ]
                [ 64; 32; 3; 3 ]
                [ 64; 64; 3; 3 ]
                [ 64; 64; 3; 3 ]
                [ 64 * 14 * 14; 32 ]
                [ 32; 2 ]
                [ 32; 2 ]
                [ 2; 64 * 14 * 14 ]
                [ 64; 32; 3; 3 ]
                [ 1; 32; 3; 3 ]
            ]

        let vae = create (ConvVae.lecture 28 28)
        Assert.Equal<int list list>(expected, shapes vae)
        Assert.DoesNotContain(vae.Decoder.Layers, (fun layer -> layer.IsCrop))

    [<Theory>]
    [<InlineData(28, 28)>]
    [<InlineData(29, 29)>]
    [<InlineData(5, 8)>]
    [<InlineData(1, 3)>]
    member _.``images of any size come back in their size``(height: int, width: int) =
        let vae =
            create
                { tiny with
                    Image = [ 2; height; width ]
                }

        let x = Sample.uniform (Key.ofSeed 2L) Float32 [ 3; 2 * height * width ]
        let mean, logVar = Vae.encode vae x
        Assert.Equal<int[]>([| 3; 2 |], mean.Shape)
        Assert.Equal<int[]>([| 3; 2 |], logVar.Shape)
        Assert.Equal<int[]>(x.Shape, (Vae.decode vae mean).Shape)

    [<Fact>]
    member _.``each stride has its transposed convolution, with the filters before it``() =
        let transposed =
            (create tiny).Decoder.Layers
            |> List.choose (fun layer ->
                match layer with
                | ConvTranspose2D layer -> Some(layer.Weight.Shape[1], layer.Stride)
                | _ -> None)

        Assert.Equal<(int * (int * int)) list>([ 3, (2, 2); 2, (2, 2) ], transposed)

    [<Fact>]
    member _.``the gradient of the loss is what finite differences show``() =
        let x = Sample.uniform (Key.ofSeed 3L) Float64 [ 3; 60 ]

        create tiny
        |> Tree.map (Tensor.cast Float64)
        |> Slope.check 1e-7 (fun vae -> Vae.loss 1.0 (Vae.elbo vae (Key.ofSeed 4L) x))

    [<Fact>]
    member _.``forms that can not be are refused``() =
        for shape in [ { tiny with Image = [ 5; 6 ] }; { tiny with Convolutions = [] } ] do
            let error = throws<ArgumentException>(fun () -> create shape |> ignore)
            Assert.Contains("expected [channels; height; width] and one or more", error.Message)
