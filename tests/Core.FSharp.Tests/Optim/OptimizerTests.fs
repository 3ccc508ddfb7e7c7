namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// A line through points, with tensors that are not trained beside it.
type private Line =
    {
        Slope: Tensor
        Offset: Tensor
        Seen: Carried
        Labels: Tensor
    }

/// Each rule against the same formulas on plain arrays, for 50 steps of a least-squares fit in float64.
type OptimizerTests() =
    static let rate = 0.016
    static let steps = 50
    static let inputs = Array.init 12 (fun i -> sin (float i * 1.7) * 2.0)

    static let targets =
        inputs |> Array.mapi (fun i x -> 1.5 * x - 0.75 + 0.1 * cos (float i * 2.3))

    static let start =
        {
            Slope = Tensor.ofFloat64s [ 1; 1 ] [| -0.5 |]
            Offset = Tensor.ofFloat64s [ 1 ] [| 0.25 |]
            Seen =
                {
                    Carried = Tensor.ofFloat64s [ 2 ] [| 3.0; 4.0 |]
                }
            Labels = Tensor.ofInt32s [ 2 ] [| 5; 6 |]
        }

    static let column (values: float[]) =
        Tensor.ofFloat64s [ values.Length; 1 ] values

    static let loss line =
        Tensor.mean (Tensor.square (Tensor.matmul (column inputs) line.Slope + line.Offset - column targets))

    /// The same gradient by hand.
    static let slopes (w: float[]) =
        let errors = Array.map2 (fun x y -> w[0] * x + w[1] - y) inputs targets

        let mean f =
            2.0 * Array.average (Array.mapi f errors)

        [| mean (fun i e -> e * inputs[i]); mean (fun _ e -> e) |]

    static let fit optimizer =
        let step (line, state) () =
            Optimizer.update optimizer (grad loss line) state line, ()

        let run = compileStep step

        // The state is given up to the first step, so the line must be its own.
        let mutable state =
            Tree.map (fun (x: Tensor) -> Tensor.ofValues x.DType x.Shape (x.ToFloat64s())) start, Optimizer.init optimizer start

        for _ in 1..steps do
            state <- fst (run state ())

        state

    /// Carries w and two memories through the steps of a rule: t, g, w, m, v → w, m, v for one number.
    static let byHand (rule: float -> float -> float -> float -> float -> struct (float * float * float)) =
        let w, m, v = [| -0.5; 0.25 |], [| 0.0; 0.0 |], [| 0.0; 0.0 |]

        for t in 1..steps do
            let g = slopes w

            for i in 0..1 do
                let struct (w', m', v') = rule (float t) g[i] w[i] m[i] v[i]
                w[i] <- w'
                m[i] <- m'
                v[i] <- v'

        w

    static let adam beta1 beta2 epsilon t g m v =
        let m = beta1 * m + (1.0 - beta1) * g
        let v = beta2 * v + (1.0 - beta2) * g * g
        let mHat, vHat = m / (1.0 - Math.Pow(beta1, t)), v / (1.0 - Math.Pow(beta2, t))
        struct (rate * mHat / (sqrt vHat + epsilon), m, v)

    static let momentum nesterov =
        byHand (fun _ g w m v ->
            let m = 0.9 * m + g
            struct (w - rate * (if nesterov then g + 0.9 * m else m), m, v))

    static let withRule rule = { Optimizer.sgd rate with Rule = rule }

    static let rules: (string * Optimizer * (unit -> float[])) list =
        [
            "sgd", Optimizer.sgd rate, (fun () -> byHand (fun _ g w m v -> struct (w - rate * g, m, v)))
            "momentum", Optimizer.momentum rate 0.9, (fun () -> momentum false)
            "nesterov", Optimizer.nesterov rate 0.9, (fun () -> momentum true)
            "rmsprop",
            Optimizer.rmsProp rate,
            (fun () ->
                byHand (fun _ g w m v ->
                    let v = 0.9 * v + 0.1 * g * g
                    struct (w - rate * g / (sqrt v + 1e-8), m, v)))
            "adam",
            Optimizer.adam rate,
            (fun () ->
                byHand (fun t g w m v ->
                    let struct (change, m, v) = adam 0.9 0.999 1e-8 t g m v
                    struct (w - change, m, v)))
            "adam with a large epsilon",
            withRule (Adam(0.8, 0.95, 0.5)),
            (fun () ->
                byHand (fun t g w m v ->
                    let struct (change, m, v) = adam 0.8 0.95 0.5 t g m v
                    struct (w - change, m, v)))
            "adam without a mean of gradients",
            withRule (Adam(0.0, 0.9, 1e-8)),
            (fun () ->
                byHand (fun t g w m v ->
                    let struct (change, m, v) = adam 0.0 0.9 1e-8 t g m v
                    struct (w - change, m, v)))
            "adamw",
            Optimizer.adamW rate 0.25,
            (fun () ->
                byHand (fun t g w m v ->
                    let struct (change, m, v) = adam 0.9 0.999 1e-8 t g m v
                    struct (w - rate * 0.25 * w - change, m, v)))
        ]

    static let find name =
        rules |> List.find (fun (known, _, _) -> known = name)

    static member Rules: obj[] seq = [ for name, _, _ in rules -> [| name |] ]

    [<Theory; MemberData("Rules")>]
    member _.``fifty steps are those of the formula``(name: string) =
        let _, optimizer, expected = find name
        let line, state = fit optimizer
        Close.check name 1e-12 (expected ()) [| line.Slope.ToScalar(); line.Offset.ToScalar() |]
        Assert.Equal<int[]>([| steps |], state.Step.ToInt32s())

    [<Theory; MemberData("Rules")>]
    member _.``the fit gets better``(name: string) =
        let _, optimizer, _ = find name
        let line, _ = fit optimizer
        Assert.True((loss line).ToScalar() < 0.5 * (loss start).ToScalar())

    [<Theory; MemberData("Rules")>]
    member _.``carried tensors and integers stay as they are``(name: string) =
        let _, optimizer, _ = find name
        let line, _ = fit optimizer
        Close.tensor 0.0 [ 3.0; 4.0 ] line.Seen.Carried
        Close.tensor 0.0 [ 5.0; 6.0 ] line.Labels

    [<Fact>]
    member _.``only what a rule remembers is kept``() =
        let memory rule =
            let state = Optimizer.init (withRule rule) start
            Assert.True(state.Gains.IsNone && state.Gradient.IsNone)
            state.First.IsSome, state.Second.IsSome

        Assert.Equal((false, false), memory Sgd)
        Assert.Equal((true, false), memory (Momentum(0.9, false)))
        Assert.Equal((false, true), memory (RmsProp(0.9, 1e-8)))
        Assert.Equal((true, true), memory (Adam(0.9, 0.999, 1e-8)))

    [<Fact>]
    member _.``the state of another rule is refused``() =
        let fault =
            throws<InvalidOperationException>(fun () ->
                Optimizer.update (Optimizer.adam rate) start (Optimizer.init (Optimizer.sgd rate) start) start
                |> ignore)

        Assert.StartsWith("optimizer: found the state of another rule", fault.Message)

    [<Fact>]
    member _.``the rate is the optimizer's times the factor times the schedule``() =
        let optimizer =
            { Optimizer.sgd 0.5 with
                Schedule = StepDecay(1, 0.25)
            }

        let w = Tensor.ofFloat64s [ 1 ] [| 1.0 |]

        let state =
            { Optimizer.init optimizer w with
                RateFactor = Tensor.full Float64 [] 0.5
                Step = Tensor.full Int32 [] 1.0
            }

        let w, state = Optimizer.update optimizer (Tensor.ones Float64 [ 1 ]) state w
        Close.tensor 1e-7 [ 1.0 - 0.5 * 0.5 * 0.25 ] w
        Assert.Equal<int[]>([| 2 |], state.Step.ToInt32s())

    [<Fact>]
    member _.``numbers out of range are refused``() =
        let message optimizer =
            throws<ArgumentException>(fun () -> Optimizer.init optimizer start |> ignore).Message

        let sgd = Optimizer.sgd rate
        let transform transform = { sgd with Transforms = [ transform ] }
        let gains gains = { sgd with Gains = Some gains }
        Assert.StartsWith("rate: found 0, expected more than 0", message (Optimizer.sgd 0.0))
        Assert.StartsWith("rate: found NaN", message (Optimizer.adam nan))
        Assert.StartsWith("weight-decay: found -1", message { sgd with WeightDecay = -1.0 })
        Assert.StartsWith("clip-value: found -2, expected more than 0", message (transform (ClipValue -2.0)))
        Assert.StartsWith("clip-norm: found 0, expected more than 0", message (transform (ClipNorm 0.0)))
        Assert.StartsWith("coupled-decay: found -1", message (transform (CoupledDecay -1.0)))
        Assert.StartsWith("local-gains: found limits 2 and 10", message (gains { LocalGains.defaults with Low = 2.0 }))

        Assert.StartsWith(
            "local-gains:",
            message (
                gains
                    { LocalGains.defaults with
                        Penalty = 1.5
                    }
            )
        )
