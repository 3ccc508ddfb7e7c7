namespace Functional.Core

/// How a gradient becomes a step.
type Rule =
    /// g.
    | Sgd
    /// v ← momentum·v + g; the step is v, or g + momentum·v with Nesterov's look ahead (Sutskever, Martens, Dahl & Hinton 2013).
    | Momentum of momentum: float * nesterov: bool
    /// s ← decay·s + (1 − decay)·g²; g/(√s + ε) (Tieleman & Hinton 2012).
    | RmsProp of decay: float * epsilon: float
    /// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; m̂/(√v̂ + ε), both corrected for their start at 0 (Kingma & Ba 2015).
    | Adam of beta1: float * beta2: float * epsilon: float

/// Gradient → transforms → rule → w − rate·gain·step − rate·decay·w.
type Optimizer =
    {
        /// Before the rule, first to last.
        Transforms: GradientTransform list
        Rule: Rule
        /// More than 0.
        Rate: float
        Schedule: RateSchedule
        /// A rate of its own for each number.
        Gains: LocalGains option
        /// How much of themselves parameters lose with a rate of 1, apart from the gradient (Loshchilov & Hutter 2019): 0 or more.
        WeightDecay: float
    }

/// What an optimizer remembers: the steps taken, and what its rule and its gains need of each parameter.
type OptimizerState<'P> =
    {
        /// int32 scalar.
        Step: Tensor
        /// A factor on the rate that callbacks may lower: float64 scalar.
        RateFactor: Tensor
        /// Velocity or mean of gradients.
        First: 'P option
        /// Mean of squared gradients.
        Second: 'P option
        /// Local gains.
        Gains: 'P option
        /// The last step's gradient, whose signs the gains compare.
        Gradient: 'P option
    }

/// Optimizers as pure functions: `init` makes a state, `update` makes new parameters and a new state.
[<RequireQualifiedAccess>]
module Optimizer =
    let private withRule rule rate =
        {
            Transforms = []
            Rule = rule
            Rate = rate
            Schedule = Constant
            Gains = None
            WeightDecay = 0.0
        }

    let sgd rate = withRule Sgd rate

    let momentum rate momentum =
        withRule (Momentum(momentum, false)) rate

    let nesterov rate momentum =
        withRule (Momentum(momentum, true)) rate

    let rmsProp rate = withRule (RmsProp(0.9, 1e-8)) rate
    let adam rate = withRule (Adam(0.9, 0.999, 1e-8)) rate

    let adamW rate decay = { adam rate with WeightDecay = decay }

    /// Whether an optimizer has a first and a second memory, and gains.
    let private remembers (optimizer: Optimizer) =
        let first, second =
            match optimizer.Rule with
            | Sgd -> false, false
            | Momentum _ -> true, false
            | RmsProp _ -> false, true
            | Adam _ -> true, true

        first, second, optimizer.Gains.IsSome

    let private check (optimizer: Optimizer) =
        if not (optimizer.Rate > 0.0) then
            Errors.option "rate" $"{optimizer.Rate}" "more than 0" ""

        if not (optimizer.WeightDecay >= 0.0) then
            Errors.option "weight-decay" $"{optimizer.WeightDecay}" "0 or more" ""

        List.iter GradientTransform.check optimizer.Transforms
        Option.iter LocalGains.check optimizer.Gains

    /// The state before the first step. Errors: option, when a number of the optimizer is out of its range.
    let init (optimizer: Optimizer) (parameters: 'P) : OptimizerState<'P> =
        check optimizer
        let first, second, gains = remembers optimizer

        // What is not trained has no memory, and may be large: a number holds its place.
        let places = parameters |> Tree.map (fun tensor -> Tensor.zeros tensor.DType [])

        let filled (value: float) isKept =
            if isKept then
                Tree.trained parameters
                |> Array.map (fun tensor -> Tensor.fullLike tensor value)
                |> Tree.rebuildTrained places
                |> Some
            else
                None

        {
            Step = Tensor.zeros Int32 []
            RateFactor = Tensor.ones Float64 []
            First = filled 0.0 first
            Second = filled 0.0 second
            Gains = filled 1.0 gains
            Gradient = filled 0.0 gains
        }

    /// The step that a rule makes of one tensor's gradient, times the rate, and its memories after it. Where a rule has no such memory the
    /// tensor is passed through. The rate and the count of steps are float64 scalars; what is made of them is rounded once, to the type of g.
    let private step rule (rate: Tensor) (count: Tensor) (g: Tensor) (first: Tensor) (second: Tensor) =
        let own = Tensor.cast g.DType

        /// 1 − βᵗ: how far a mean that started at 0 has come after t steps.
        let arrived (beta: float) = -(Tensor.expm1 (log beta * count))

        match rule with
        | Sgd -> own rate * g, first, second
        | Momentum(momentum, nesterov) ->
            let velocity = momentum * first + g
            let direction = if nesterov then g + momentum * velocity else velocity
            own rate * direction, velocity, second
        | RmsProp(decay, epsilon) ->
            let second = decay * second + (1.0 - decay) * g * g
            own rate * g / (Tensor.sqrt second + epsilon), first, second
        | Adam(beta1, beta2, epsilon) ->
            let first = beta1 * first + (1.0 - beta1) * g
            let second = beta2 * second + (1.0 - beta2) * g * g
            let size = own (rate / arrived beta1)
            let scale = own (Tensor.rsqrt (arrived beta2))
            size * first / (Tensor.sqrt second * scale + epsilon), first, second

    /// One step: new parameters and a new state. Carried tensors and integers stay as they are.
    let update (optimizer: Optimizer) (gradient: 'P) (state: OptimizerState<'P>) (parameters: 'P) : 'P * OptimizerState<'P> =
        if
            remembers optimizer
            <> (state.First.IsSome, state.Second.IsSome, state.Gains.IsSome)
        then
            Errors.state "optimizer" "the state of another rule" "a state that Optimizer.init made for this one" ""

        let weights = Tree.trained parameters

        let gradients =
            Tree.trained gradient |> GradientTransform.chain optimizer.Transforms weights

        let rate =
            optimizer.Rate
            * state.RateFactor
            * RateSchedule.factor optimizer.Schedule state.Step

        let count = state.Step + 1.0

        // Where nothing is remembered the gradient holds the place.
        let memory (tree: 'P option) =
            tree |> Option.map Tree.trained |> Option.defaultValue gradients

        let keep tensors (tree: 'P option) =
            tree |> Option.map (fun tree -> Tree.rebuildTrained tree tensors)

        let steps, first, second =
            Array.map3 (step optimizer.Rule rate (Tensor.cast Float64 count)) gradients (memory state.First) (memory state.Second)
            |> Array.unzip3

        let gains, steps =
            match optimizer.Gains with
            | None -> gradients, steps
            | Some local ->
                let gains =
                    Array.map3 (LocalGains.next local) (memory state.Gains) (memory state.Gradient) gradients

                gains, Array.map2 (*) gains steps

        let decayed (w: Tensor) =
            if optimizer.WeightDecay = 0.0 then
                w
            else
                w - Tensor.cast w.DType (rate * optimizer.WeightDecay) * w

        Array.map2 (fun w step -> decayed w - step) weights steps
        |> Tree.rebuildTrained parameters,
        { state with
            Step = count
            First = keep first state.First
            Second = keep second state.Second
            Gains = keep gains state.Gains
            Gradient = keep gradients state.Gradient
        }
