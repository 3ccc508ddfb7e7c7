namespace Functional.Core.Tests

open Functional.Core
open Xunit

type NetworkTests() =
    static let dense (network: Network) =
        network.Layers
        |> List.choose (fun layer ->
            match layer with
            | Dense dense -> Some dense
            | _ -> None)

    [<Fact>]
    member _.``dense layers have the sizes asked for, each with its activation and its own weights``() =
        let network = Network.dense Relu (Key.ofSeed 1L) 6 [ 6; 6; 4 ]
        Assert.Equal<int list list>([ [ 6; 6 ]; [ 6; 6 ]; [ 6; 4 ] ], [ for layer in dense network -> List.ofArray layer.Weight.Shape ])
        Assert.Equal(6, network.Layers.Length)
        Assert.Equal<int[]>([| 5; 4 |], (Network.infer network (Tensor.ones Float32 [ 5; 6 ])).Shape)
        let weights = dense network |> List.map _.Weight.ToFloat64s()
        Assert.NotEqual<float[]>(weights[0], weights[1])

    [<Fact>]
    member _.``no layers are the identity``() =
        let network = Network.dense Relu (Key.ofSeed 1L) 3 []
        Close.tensor 0.0 [ -1.0; 0.0; 2.0 ] (Network.infer network (Tensor.vector [ -1.0; 0.0; 2.0 ]))

    [<Fact>]
    member _.``a layer is x W + b``() =
        let layer =
            {
                Weight = Tensor.matrix [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ] ]
                Bias = Tensor.vector [ 10.0; 20.0; 30.0 ]
            }

        Close.tensor 0.0 [ 15.0; 27.0; 39.0; 12.0; 24.0; 36.0 ] (Dense.apply layer (Tensor.matrix [ [ 1.0; 1.0 ]; [ 2.0; 0.0 ] ]))
