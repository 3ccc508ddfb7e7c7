namespace Functional.Core

/// The pseudo-likelihood of Bernoulli machines (Besag 1975): Σᵢ log p(vᵢ | all other visible units) of a row, in nats. It needs no
/// partition function, and is largest in expectation where the machine's distribution is that of the data.
[<RequireQualifiedAccess>]
module PseudoLikelihood =
    /// log p(vᵢ | all others) of one unit i a row, from what the hidden units take in of the rows: without and with unit i that differs by
    /// a row of W, so the free energies need no product of their own. Grey levels count as probabilities. int32 [batch] → [batch].
    let private ofUnits (rbm: Rbm) (v: Tensor) (hiddenInput: Tensor) (units: Tensor) : Tensor =
        let column (x: Tensor) = Tensor.reshape [ -1; 1 ] x
        let weights = Tensor.gatherRows units rbm.Weight
        let bias = Tensor.gatherRows units (column rbm.VisibleBias)

        let places = Tensor.arange v.Shape[0] * float (Rbm.visibleCount rbm) + units

        let value = Tensor.gatherRows places (column v)
        let off = hiddenInput - value * weights

        let softplus (input: Tensor) =
            Tensor.sumOver [ 1 ] (Tensor.softplus input)

        let logit = Tensor.squeeze 1 bias + softplus (off + weights) - softplus off
        -(Loss.bernoulli (column logit) value)

    /// The estimate from one unit a row, drawn evenly: their number times log p(vᵢ | all others). Its expectation is `exact`. The rows'
    /// `hiddenInput` is asked for because it is at hand wherever a machine is trained. [batch; visible], [batch; hidden] → [batch].
    let estimate (key: Key) (rbm: Rbm) (v: Tensor) (hiddenInput: Tensor) : Tensor =
        let visible = float (Rbm.visibleCount rbm)

        let units = Sample.uniform key Float64 [ v.Shape[0] ] * visible |> Tensor.cast Int32

        visible * ofUnits rbm v hiddenInput units

    /// Over all units: [batch; visible] → [batch].
    let exact (rbm: Rbm) (v: Tensor) : Tensor =
        let hiddenInput = Rbm.hiddenInput rbm v
        let rows = v.Shape[0]

        Tensor.zeros v.DType [ rows ]
        |> Loop.iterate (Rbm.visibleCount rbm) (fun unit sum -> sum + ofUnits rbm v hiddenInput (Tensor.broadcast [ rows ] unit))
