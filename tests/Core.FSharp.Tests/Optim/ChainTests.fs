namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// One tensor of each kind that optimizers tell apart.
type private Layers =
    {
        /// [3; 2].
        Dense: Tensor
        /// [2; 2; 1; 2].
        Kernel: Tensor
        /// [2].
        Bias: Tensor
    }

/// Whole optimizers (transforms, rule, schedule, gains, decay) against the same chain on plain arrays of numbers.
type ChainTests() =
    static let steps = 40
    static let sizes = [ 6; 8; 2 ]

    /// The numbers of all tensors in a row that feed one unit: two units of the dense layer, two filters.
    static let units = [ [ 0; 2; 4 ]; [ 1; 3; 5 ]; [ 6; 7; 8; 9 ]; [ 10; 11; 12; 13 ] ]

    static let total = List.sum sizes
    static let start = Array.init total (fun i -> cos (float i * 1.3))
    static let target = Array.init total (fun i -> 2.0 * sin (float i * 0.7))
    static let steepness = Array.init total (fun i -> 1.0 + float (i % 5))

    static let layers (values: float[]) =
        {
            Dense = Tensor.ofFloat64s [ 3; 2 ] values[0..5]
            Kernel = Tensor.ofFloat64s [ 2; 2; 1; 2 ] values[6..13]
            Bias = Tensor.ofFloat64s [ 2 ] values[14..15]
        }

    /// Σ ½ c (w − target)², and the gradient c (w − target) by hand.
    static let loss w =
        let term (w: Tensor) target steepness =
            Tensor.sum (steepness * Tensor.square (w - target)) * 0.5

        (Tree.tensors w, Tree.tensors (layers target), Tree.tensors (layers steepness))
        |||> Array.map3 term
        |> Array.reduce (+)

    static let slopes (w: float[]) =
        Array.init total (fun i -> steepness[i] * (w[i] - target[i]))

    static let fit optimizer =
        let step (w, state) () =
            Optimizer.update optimizer (gradient loss w) state w, ()

        let run = compileStep step
        let mutable state = layers start, Optimizer.init optimizer (layers start)

        for _ in 1..steps do
            state <- fst (run state ())

        Tree.tensors (fst state) |> Array.collect _.ToFloat64s()

    static let transformed (w: float[]) (g: float[]) transform =
        match transform with
        | ClipValue limit -> g |> Array.map (fun x -> max -limit (min limit x))
        | ClipNorm limit ->
            let norm = sqrt (Array.sumBy (fun x -> x * x) g)

            if norm > limit then
                g |> Array.map (fun x -> x * limit / norm)
            else
                g
        | Centralize ->
            let centred = Array.copy g

            for unit in units do
                let mean = unit |> List.averageBy (fun i -> g[i])

                for i in unit do
                    centred[i] <- g[i] - mean

            centred
        | CoupledDecay decay -> Array.map2 (fun g w -> g + decay * w) g w

    static let factor schedule (t: int) =
        match schedule with
        | Constant -> 1.0
        | Warmup steps -> min 1.0 (float (t + 1) / float steps)
        | StepDecay(every, factor) -> Math.Pow(factor, float (t / every))
        | ExponentialDecay(every, factor) -> Math.Pow(factor, float t / float every)
        | Cosine(steps, floor) ->
            floor
            + (1.0 - floor) * (1.0 + cos (Math.PI * min 1.0 (float t / float steps))) / 2.0

    /// The same steps in plain numbers.
    static let byHand (optimizer: Optimizer) =
        let w = Array.copy start
        let m, v = Array.zeroCreate<float> total, Array.zeroCreate<float> total
        let gains, last = Array.create total 1.0, Array.zeroCreate<float> total

        for t in 0 .. steps - 1 do
            let g = List.fold (transformed w) (slopes w) optimizer.Transforms
            let rate = optimizer.Rate * factor optimizer.Schedule t

            for i in 0 .. total - 1 do
                let step =
                    match optimizer.Rule with
                    | Sgd -> g[i]
                    | Momentum(momentum, nesterov) ->
                        m[i] <- momentum * m[i] + g[i]
                        if nesterov then g[i] + momentum * m[i] else m[i]
                    | RmsProp(decay, epsilon) ->
                        v[i] <- decay * v[i] + (1.0 - decay) * g[i] ** 2.0
                        g[i] / (sqrt v[i] + epsilon)
                    | Adam(beta1, beta2, epsilon) ->
                        m[i] <- beta1 * m[i] + (1.0 - beta1) * g[i]
                        v[i] <- beta2 * v[i] + (1.0 - beta2) * g[i] ** 2.0
                        let mean = m[i] / (1.0 - Math.Pow(beta1, float (t + 1)))
                        mean / (sqrt (v[i] / (1.0 - Math.Pow(beta2, float (t + 1)))) + epsilon)

                match optimizer.Gains with
                | Some options ->
                    if last[i] * g[i] > 0.0 then
                        gains[i] <- gains[i] + options.Bonus
                    elif last[i] * g[i] < 0.0 then
                        gains[i] <- gains[i] * options.Penalty

                    gains[i] <- max options.Low (min options.High gains[i])
                | None -> ()

                w[i] <- w[i] - rate * optimizer.WeightDecay * w[i] - rate * gains[i] * step

            g |> Array.iteri (fun i x -> last[i] <- x)

        w

    static let gains = Some LocalGains.defaults

    static let optimizers =
        [
            "centralized momentum",
            { Optimizer.momentum 0.02 0.9 with
                Transforms = [ Centralize ]
            }
            "centralized adam",
            { Optimizer.adam 0.02 with
                Transforms = [ Centralize ]
            }
            "sgd with decay of both kinds",
            { Optimizer.sgd 0.05 with
                Transforms = [ CoupledDecay 0.1 ]
                WeightDecay = 0.2
            }
            "rmsprop with decay apart from the gradient",
            { Optimizer.rmsProp 0.02 with
                WeightDecay = 0.3
            }
            "momentum with gains",
            { Optimizer.momentum 0.01 0.5 with
                Gains = gains
            }
            "clipped nesterov along a cosine",
            { Optimizer.nesterov 0.03 0.8 with
                Transforms = [ ClipValue 1.5; ClipNorm 4.0 ]
                Schedule = Cosine(30, 0.1)
            }
            "everything",
            { Optimizer.adamW 0.05 0.1 with
                Transforms = [ CoupledDecay 0.01; ClipNorm 3.0; Centralize; ClipValue 0.4 ]
                Rule = Adam(0.8, 0.95, 1e-3)
                Schedule = StepDecay(9, 0.5)
                Gains = gains
            }
        ]

    static member Optimizers: obj[] seq = [ for name, _ in optimizers -> [| name |] ]

    [<Theory; MemberData("Optimizers")>]
    member _.``forty steps are those of the formulas``(name: string) =
        let optimizer = optimizers |> List.find (fun (known, _) -> known = name) |> snd
        let expected = byHand optimizer
        Assert.All(Array.zip start expected, (fun (before, after) -> Assert.NotEqual(before, after)))
        Close.check name 1e-12 expected (fit optimizer)
