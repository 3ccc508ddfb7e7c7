namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type Layer = { Weight: Tensor; Bias: Tensor option }

type Activation =
    | Relu
    | Leaky of slope: Tensor
    | Scaled of Tensor
    | Gated of gate: Tensor * inner: Activation

type Model =
    {
        Layers: Layer list
        Activation: Activation
        Heads: Map<string, Tensor>
        Pair: Tensor * Tensor
        Corners: Tensor[]
        Running: Carried
        Name: string
        Rate: float
        Sizes: int[]
    }

type TreeTests() =
    static let scalar (x: float) = Tensor.full Float64 [] x

    static let model =
        {
            Layers =
                [
                    {
                        Weight = scalar 1.0
                        Bias = Some(scalar 2.0)
                    }
                    { Weight = scalar 3.0; Bias = None }
                ]
            Activation = Gated(scalar 4.0, Leaky(scalar 5.0))
            Heads = Map [ "b", scalar 7.0; "a", scalar 6.0 ]
            Pair = scalar 8.0, scalar 9.0
            Corners = [| scalar 10.0; scalar 11.0 |]
            Running = { Carried = scalar 12.0 }
            Name = "model"
            Rate = 0.5
            Sizes = [| 1; 2 |]
        }

    static let numbers tree =
        Tree.tensors tree |> Array.map _.ToScalar()

    [<Fact>]
    member _.``leaves come in order, named by path``() =
        Assert.Equal<string[]>(
            [|
                "Layers.0.Weight"
                "Layers.0.Bias"
                "Layers.1.Weight"
                "Activation.gate"
                "Activation.inner.slope"
                "Heads.a"
                "Heads.b"
                "Pair.0"
                "Pair.1"
                "Corners.0"
                "Corners.1"
                "Running"
            |],
            Tree.leaves model |> Array.map _.Path
        )

        Assert.Equal<float[]>([| 1.0 .. 12.0 |], numbers model)

    [<Fact>]
    member _.``paths of trees without names are positions``() =
        let path tree = Tree.leaves tree |> Array.map _.Path
        Assert.Equal<string[]>([| "" |], path (scalar 1.0))
        Assert.Equal<string[]>([| "" |], path (Scaled(scalar 1.0)))
        Assert.Equal<string[]>([| "0"; "1.0"; "1.1" |], path (scalar 1.0, [ scalar 2.0; scalar 3.0 ]))
        Assert.Equal<string[]>([| "0"; "1" |], path (struct (scalar 1.0, scalar 2.0)))

    [<Fact>]
    member _.``a tree rebuilt has the new tensors and everything else``() =
        let doubled = Tree.map (fun x -> x * 2.0) model
        Assert.Equal<float[]>([| 2.0..2.0..24.0 |], numbers doubled)
        Assert.Equal("model", doubled.Name)
        Assert.Equal(0.5, doubled.Rate)
        Assert.Equal<int[]>([| 1; 2 |], doubled.Sizes)
        Assert.True doubled.Layers[1].Bias.IsNone

        match doubled.Activation with
        | Gated(_, Leaky slope) -> Assert.Equal(10.0, slope.ToScalar())
        | other -> Assert.Fail $"{other}"

    [<Fact>]
    member _.``rebuilding from its own tensors gives the same paths and numbers``() =
        let again = Tree.rebuild model (Tree.tensors model)

        let summary tree =
            Tree.leaves tree
            |> Array.map (fun leaf -> leaf.Path, leaf.IsTrained, leaf.Tensor.ToScalar())

        Assert.Equal<(string * bool * float)[]>(summary model, summary again)

    [<Fact>]
    member _.``structures of many kinds go round``() =
        let round (tree: 'T) = numbers (Tree.map id tree)
        Assert.Equal<float[]>([||], round Relu)
        Assert.Equal<float[]>([||], round (None: Tensor option))
        Assert.Equal<float[]>([||], round ([]: Tensor list))
        Assert.Equal<float[]>([||], round "no tensors")
        Assert.Equal<float[]>([| 1.0 |], round (Some(scalar 1.0)))
        Assert.Equal<float[]>([| 1.0; 2.0 |], round (struct (scalar 1.0, [| scalar 2.0 |])))

        Assert.Equal<float[]>(
            [| 1.0; 2.0; 3.0 |],
            round
                {|
                    A = scalar 1.0
                    B = [ Some(scalar 2.0); None; Some(scalar 3.0) ]
                |}
        )

        Assert.Equal<float[]>([| 1.0; 2.0 |], round (Map [ 1, scalar 1.0; 2, scalar 2.0 ]))
        Assert.Equal<float[]>([| 1.0 |], round (Ok(scalar 1.0): Result<Tensor, string>))
        Assert.Equal<float[]>([| 1.0; 2.0 |], round (Gated(scalar 1.0, Gated(scalar 2.0, Relu))))

    [<Fact>]
    member _.``map2 goes place by place``() =
        Assert.Equal<float[]>([| 2.0..2.0..24.0 |], numbers (Tree.map2 (+) model model))

    [<Fact>]
    member _.``carried tensors are not trained``() =
        let stepped = Tree.mapTrained (fun x -> x + 1.0) model
        Assert.Equal(12.0, stepped.Running.Carried.ToScalar())
        Assert.Equal(10.0, (snd stepped.Pair).ToScalar())
        Assert.Equal<string[]>([| "Running" |], Tree.leaves model |> Array.filter (_.IsTrained >> not) |> Array.map _.Path)

    [<Fact>]
    member _.``what is no tensor can be seen``() =
        Assert.Equal<string[]>([| "x"; "3" |], Tree.others (scalar 1.0, "x", 3) |> Array.map string)
        Assert.Equal(12L, Tree.count model)

    [<Fact>]
    member _.``too many or too few tensors are refused``() =
        for count in [ 1; 3 ] do
            let error =
                throws<InvalidOperationException>(fun () ->
                    Tree.rebuild (scalar 1.0, scalar 2.0) (Array.create count (scalar 0.0))
                    |> ignore)

            Assert.StartsWith("tree: found", error.Message)
