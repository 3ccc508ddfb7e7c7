namespace Functional.Core

/// A gated recurrent unit (Cho et al. 2014), with the reset gate behind the product so that a step is two products:
/// r = sigmoid(xWᵣ + hUᵣ + bᵣ), u = sigmoid(xWᵤ + hUᵤ + bᵤ), c = tanh(xW꜀ + r∘(hU꜀) + b꜀), h' = u∘h + (1 − u)∘c.
type Gru =
    {
        /// W: [inputs; 3·units], the columns of r, u and c in turn.
        Input: Tensor
        /// U: [units; 3·units].
        State: Tensor
        /// b: [3·units].
        Bias: Tensor
    }

[<RequireQualifiedAccess>]
module Gru =
    /// A unit with weights drawn (Glorot, each gate for itself) and biases 0.
    let create key (inputs: int) (units: int) : Gru =
        let input, state = Key.pair key

        {
            Input = Init.draw GlorotNormal input inputs units [ inputs; 3 * units ]
            State = Init.draw GlorotNormal state units units [ units; 3 * units ]
            Bias = Tensor.zeros Float32 [ 3 * units ]
        }

    /// What an input adds to the three gates: [batch; inputs] → [batch; 3·units].
    let private project (gru: Gru) (x: Tensor) : Tensor = Tensor.matmul x gru.Input + gru.Bias

    /// One step with its input projected: [batch; 3·units] and [batch; units] → [batch; units].
    let private advance (gru: Gru) (input: Tensor) (state: Tensor) : Tensor =
        let units = state.Shape[1]
        let remembered = Tensor.matmul state gru.State
        let gate i (x: Tensor) = Tensor.slice 1 (i * units) units x
        let both i = gate i input + gate i remembered
        let reset, update = Tensor.sigmoid (both 0), Tensor.sigmoid (both 1)
        let candidate = Tensor.tanh (gate 2 input + reset * gate 2 remembered)
        candidate + update * (state - candidate)

    let private start (gru: Gru) (x: Tensor) =
        Tensor.zeros x.DType [ x.Shape[0]; gru.State.Shape[0] ]

    /// One step: an input [batch; inputs] and a state [batch; units] → the next state.
    let step (gru: Gru) (x: Tensor) (state: Tensor) : Tensor = advance gru (project gru x) state

    /// The state after a whole sequence, from zeros: [batch; steps; inputs] → [batch; units].
    let read (gru: Gru) (sequence: Tensor) : Tensor =
        Seq.init sequence.Shape[1] (fun t -> Tensor.at 1 t sequence)
        |> Seq.fold (fun state x -> step gru x state) (start gru sequence)

    /// The states of `steps` steps that are given the same input each, from zeros: [batch; inputs] → [batch; steps; units].
    let write (gru: Gru) (steps: int) (x: Tensor) : Tensor =
        let input = project gru x

        List.replicate steps input
        |> List.scan (fun state input -> advance gru input state) (start gru x)
        |> List.tail
        |> Tensor.stack 1
