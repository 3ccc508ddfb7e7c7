namespace Functional.Core

/// One layer of a network.
type Layer =
    | Dense of Dense
    | Activation of Activation

/// Layers in the order in which data passes them.
type Network = { Layers: Layer list }

[<RequireQualifiedAccess>]
module Network =
    /// Dense layers of the sizes given, each followed by `activation`; the initializer suits the activation.
    let dense (activation: Activation) key (inputs: int) (sizes: int list) : Network =
        let keys = Key.split (max 1 sizes.Length) key
        let widths = inputs :: sizes

        {
            Layers =
                (List.zip3 keys[.. sizes.Length - 1] widths[.. sizes.Length - 1] sizes)
                |> List.collect (fun (key, width, units) ->
                    [
                        Dense(Dense.create (Activation.initializer activation) key width units)
                        Activation activation
                    ])
        }

    /// [batch; inputs] → [batch; units of the last layer], and the network with statistics that follow the batch (in training).
    let apply (mode: Mode) (network: Network) (x: Tensor) : Tensor * Network =
        let step (x, done': Layer list) layer =
            match layer with
            | Dense dense -> Dense.apply dense x, layer :: done'
            | Activation activation -> Activation.apply activation x, layer :: done'

        let y, layers = List.fold step (x, []) network.Layers

        y,
        { network with
            Layers = List.rev layers
        }

    /// The network in use: [batch; inputs] → [batch; units of the last layer].
    let infer (network: Network) (x: Tensor) : Tensor = fst (apply Mode.Infer network x)
