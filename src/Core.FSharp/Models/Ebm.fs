namespace Functional.Core

/// An energy-based model: a network whose outputs are the negative energies of a row, one for each class, or one in all where there are no
/// classes. Energies are low where rows are likely: p(x) ∝ e^(−E(x)).
type Ebm =
    {
        /// The shape in which the layers see a row, as [1; 32; 32] for images of one channel.
        RowShape: int list
        Layers: Layer list
    }

[<RequireQualifiedAccess>]
module Ebm =
    /// The article's network before its output: four convolutions that halve the image, with 16 filters of 5x5, then 32, 64 and 64 of 3x3;
    /// 64 dense units; swish; weights drawn as Keras draws them (Glorot & Bengio 2010), so that energies begin small. Images of 32x32 are
    /// [64; 2; 2] before the dense units.
    let article: LayerSpec list =
        let halving (filters, kernel) =
            [
                LayerSpec.Conv2D
                    { Conv2DOptions.defaults filters kernel with
                        Stride = 2, 2
                        Padding = Padding.Same
                        Initializer = Some GlorotUniform
                    }
                LayerSpec.Activation Swish
            ]

        List.collect halving [ 16, 5; 32, 3; 64, 3; 64, 3 ]
        @ [
            LayerSpec.Flatten
            LayerSpec.Dense(64, Some GlorotUniform)
            LayerSpec.Activation Swish
        ]

    /// An energy is a number of the row alone, so nothing may depend on the other rows or on chance.
    let private check (specs: LayerSpec list) =
        for spec in specs do
            match spec with
            | LayerSpec.BatchNorm _
            | LayerSpec.Dropout _ -> Errors.option "layers" (LayerText.print [ spec ]) "layers that see each row by itself" ""
            | _ -> ()

    /// A model with parameters drawn, for rows of a shape. Behind the layers comes a dense one with a unit for each of the `classes`, or
    /// one unit where they are 0. Errors: shape, naming the layer that does not fit; option, for layers that do not see each row by itself.
    let create (specs: LayerSpec list) (classes: int) (key: Key) (rowShape: int list) : Ebm =
        check specs
        let specs = specs @ [ LayerSpec.dense (max 1 classes) ]

        {
            RowShape = rowShape
            Layers = (Network.create specs key rowShape).Layers
        }

    let private network (model: Ebm) : Network = { Layers = model.Layers }

    /// The negative energies of the classes, as a classifier's logits: [batch; inputs] → [batch; classes].
    let logits (model: Ebm) (x: Tensor) : Tensor =
        Network.infer (network model) (Tensor.reshape (x.Shape[0] :: model.RowShape) x)

    /// E(x) = −log Σ_y e^(f_y(x)) of the outputs f (Grathwohl et al. 2020); of one output −f(x), as in the article. [batch; inputs] → [batch].
    let energy (model: Ebm) (x: Tensor) : Tensor =
        -(Tensor.logSumExpOver [ 1 ] (logits model x))

    /// E(x | y) = −f_y(x), the energy of rows as rows of the classes int32 [batch]: [batch; inputs] → [batch].
    let energyOf (classes: Tensor) (model: Ebm) (x: Tensor) : Tensor =
        let outputs = logits model x
        let chosen = Tensor.oneHot outputs.DType outputs.Shape[1] classes
        -(Tensor.sumOver [ 1 ] (chosen * outputs))

    /// How many classes its outputs stand for; 0 where there is one output.
    let classes (model: Ebm) : int =
        match List.last model.Layers with
        | Dense output when output.Bias.Count > 1 -> output.Bias.Count
        | _ -> 0

    /// The layers' own prices on their weights, as a scalar; none when no layer has one.
    let price (model: Ebm) : Tensor option = Network.price (network model)
