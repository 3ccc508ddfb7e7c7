namespace Functional.Core

/// How a gradient becomes a change of the parameters.
type Rule =
    /// w − rate·g.
    | Sgd
    /// v ← momentum·v + g; w − rate·v, or w − rate·(g + momentum·v) with Nesterov's look ahead.
    | Momentum of momentum: float * nesterov: bool
    /// s ← decay·s + (1 − decay)·g²; w − rate·g/(√s + ε) (Tieleman & Hinton 2012).
    | RmsProp of decay: float * epsilon: float
    /// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w − rate·m̂/(√v̂ + ε), both corrected for their start at 0 (Kingma & Ba 2015).
    | Adam of beta1: float * beta2: float * epsilon: float
    /// Adam, and w shrinks by rate·decay apart from the gradient (Loshchilov & Hutter 2019).
    | AdamW of beta1: float * beta2: float * epsilon: float * decay: float

/// A rule with its rate.
type Optimizer =
    {
        Rule: Rule
        /// More than 0.
        Rate: float
        Schedule: RateSchedule
    }

/// What an optimizer remembers: the steps taken, and up to two tensors for each parameter.
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
    }

/// Optimizers as pure functions: `init` makes a state, `update` makes new parameters and a new state.
[<RequireQualifiedAccess>]
module Optimizer =
    let private withRule rule rate =
        {
            Rule = rule
            Rate = rate
            Schedule = Constant
        }

    let sgd rate = withRule Sgd rate

    let momentum rate momentum =
        withRule (Momentum(momentum, false)) rate

    let rmsProp rate = withRule (RmsProp(0.9, 1e-8)) rate
    let adam rate = withRule (Adam(0.9, 0.999, 1e-8)) rate

    let adamW rate decay =
        withRule (AdamW(0.9, 0.999, 1e-8, decay)) rate

    let private zeros (parameters: 'P) : 'P = Tree.map Tensor.zerosLike parameters

    /// The state before the first step.
    let init (optimizer: Optimizer) (parameters: 'P) : OptimizerState<'P> =
        let first, second =
            match optimizer.Rule with
            | Sgd -> None, None
            | Momentum _ -> Some(zeros parameters), None
            | RmsProp _ -> None, Some(zeros parameters)
            | Adam _
            | AdamW _ -> Some(zeros parameters), Some(zeros parameters)

        {
            Step = Tensor.zeros Int32 []
            RateFactor = Tensor.ones Float64 []
            First = first
            Second = second
        }

    /// Applies a rule to one trained tensor: w, g, first, second → new w, first, second. Where a rule has no such memory the tensor is
    /// passed through. The rate and the count of steps are float64 scalars; what is made of them is rounded once, to the type of w.
    let private change rule (rate: Tensor) (count: Tensor) (w: Tensor) (g: Tensor) (first: Tensor) (second: Tensor) =
        let own = Tensor.cast w.DType

        /// 1 − βᵗ: how far a mean that started at 0 has come after t steps.
        let arrived (beta: float) = -(Tensor.expm1 (log beta * count))

        let adam beta1 beta2 epsilon =
            let first = beta1 * first + (1.0 - beta1) * g
            let second = beta2 * second + (1.0 - beta2) * g * g
            let size = own (rate / arrived beta1)
            let scale = own (Tensor.rsqrt (arrived beta2))
            first, second, size * first / (Tensor.sqrt second * scale + epsilon)

        match rule with
        | Sgd -> w - own rate * g, first, second
        | Momentum(momentum, nesterov) ->
            let velocity = momentum * first + g
            let direction = if nesterov then g + momentum * velocity else velocity
            w - own rate * direction, velocity, second
        | RmsProp(decay, epsilon) ->
            let second = decay * second + (1.0 - decay) * g * g
            w - own rate * g / (Tensor.sqrt second + epsilon), first, second
        | Adam(beta1, beta2, epsilon) ->
            let first, second, step = adam beta1 beta2 epsilon
            w - step, first, second
        | AdamW(beta1, beta2, epsilon, decay) ->
            let first, second, step = adam beta1 beta2 epsilon
            w - own (rate * decay) * w - step, first, second

    /// One step: new parameters and a new state. Carried tensors and integers stay as they are.
    let update (optimizer: Optimizer) (gradient: 'P) (state: OptimizerState<'P>) (parameters: 'P) : 'P * OptimizerState<'P> =
        let leaves = Tree.leaves parameters
        let gradients = Tree.tensors gradient

        let rate =
            optimizer.Rate
            * state.RateFactor
            * RateSchedule.factor optimizer.Schedule state.Step

        let step = state.Step + 1.0

        let memory (tree: 'P option) =
            tree |> Option.map Tree.tensors |> Option.defaultValue gradients

        let first, second = memory state.First, memory state.Second

        let changed =
            leaves
            |> Array.mapi (fun i leaf ->
                if leaf.IsTrained && DType.isFloat leaf.Tensor.DType then
                    change optimizer.Rule rate (Tensor.cast Float64 step) leaf.Tensor gradients[i] first[i] second[i]
                else
                    leaf.Tensor, first[i], second[i])

        let w, m, v = Array.unzip3 changed

        Tree.rebuild parameters w,
        { state with
            Step = step
            First = state.First |> Option.map (fun tree -> Tree.rebuild tree m)
            Second = state.Second |> Option.map (fun tree -> Tree.rebuild tree v)
        }
