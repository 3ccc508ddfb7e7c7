namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Nonlinearities and their slopes against the formulas, at kinks and far out too.
type ActivationTests() =
    static let logistic x = 1.0 / (1.0 + exp -x)

    /// Activation, its value, its slope, and its slope at 0 where that is a matter of choice.
    static let formulas: (Activation * (float -> float) * (float -> float)) list =
        [
            Linear, id, (fun _ -> 1.0)
            Relu, max 0.0, (fun x -> if x > 0.0 then 1.0 else 0.0)
            LeakyRelu, (fun x -> if x > 0.0 then x else 0.01 * x), (fun x -> if x > 0.0 then 1.0 else 0.01)
            Elu, (fun x -> if x > 0.0 then x else exp x - 1.0), (fun x -> if x > 0.0 then 1.0 else exp x)
            Activation.Sigmoid, logistic, (fun x -> logistic x * (1.0 - logistic x))
            Activation.Tanh, tanh, (fun x -> 1.0 - tanh x * tanh x)
            Swish, (fun x -> x * logistic x), (fun x -> logistic x * (1.0 + x * (1.0 - logistic x)))
            Activation.Softplus, (fun x -> max x 0.0 + Math.Log(1.0 + exp -(abs x))), logistic
        ]

    static let points = [| -80.0; -20.0; -3.0; -1.0; -0.25; 0.0; 0.25; 1.0; 3.0; 20.0; 80.0 |]

    // Softmax is not among them: its values depend on one another.
    static member Activations: obj[] seq =
        [ for activation, _, _ in formulas -> [| Activation.name activation |] ]

    [<Theory; MemberData("Activations")>]
    member _.``values and slopes are those of the formula``(name: string) =
        let activation, value, slope =
            formulas |> List.find (fun (a, _, _) -> Activation.name a = name)

        let apply = Activation.apply activation

        for dtype, tolerance in [ Float64, 1e-12; Float32, 2e-6 ] do
            let x = Tensor.ofValues dtype [ points.Length ] points
            Close.check name tolerance (Array.map value points) ((apply x).ToFloat64s())
            Close.check $"slope of {name}" tolerance (Array.map slope points) ((grad (apply >> Tensor.sum) x).ToFloat64s())

    [<Theory; MemberData("Activations")>]
    member _.``what is not a number stays visible``(name: string) =
        let y = Activation.apply (Activation.ofName name) (Tensor.vector [ nan; 1.0 ])
        Assert.True(Double.IsNaN(y.ToFloat64s()[0]))

    [<Fact>]
    member _.``names lead back to activations``() =
        for activation, _, _ in formulas do
            Assert.Equal(activation, Activation.ofName (Activation.name activation))

        let error = throws<ArgumentException>(fun () -> Activation.ofName "rely" |> ignore)
        Assert.Contains("linear, relu, leaky-relu, elu", error.Message)

    [<Fact>]
    member _.``rectified units start as He, others as Glorot``() =
        for activation, _, _ in formulas do
            let expected =
                match activation with
                | Linear
                | Activation.Sigmoid
                | Activation.Tanh
                | Softmax -> GlorotNormal
                | Relu
                | LeakyRelu
                | Elu
                | Swish
                | Activation.Softplus -> HeNormal

            Assert.Equal(expected, Activation.initializer activation)

    [<Fact>]
    member _.``softmax is e^x over the sum of the last axis, and may be far out``() =
        let row = [| 1.0; -2.0; 0.5 |]
        let weights = Array.map exp row
        let expected = weights |> Array.map (fun w -> w / Array.sum weights)

        let x =
            Tensor.ofFloat64s [ 2; 3 ] (Array.append row (row |> Array.map ((+) 1000.0)))

        Close.check "softmax" 1e-12 (Array.append expected expected) ((Activation.apply Softmax x).ToFloat64s())

    [<Fact>]
    member _.``all of them are listed``() =
        Assert.Equal<Activation list>([ for a, _, _ in formulas -> a ] @ [ Softmax ], Activation.all)
