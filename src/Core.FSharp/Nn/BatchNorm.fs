namespace Functional.Core

/// Batch normalisation (Ioffe & Szegedy 2015): y = Scale·(x − mean)/√(variance + ε) + Shift, for each channel of images or each unit.
type BatchNorm =
    {
        /// [channels].
        Scale: Tensor
        /// [channels].
        Shift: Tensor
        /// Running mean, [channels].
        Mean: Carried
        /// Running variance, [channels].
        Variance: Carried
        /// How much of the running statistics a step keeps, 0 to 1.
        Momentum: float
        /// Added to the variance, more than 0.
        Epsilon: float
    }

[<RequireQualifiedAccess>]
module BatchNorm =
    let defaultMomentum = 0.99
    let defaultEpsilon = 0.001

    /// A layer that begins as the identity on data of mean 0 and variance 1.
    let create (momentum: float) (epsilon: float) (channels: int) : BatchNorm =
        if not (momentum >= 0.0 && momentum < 1.0) then
            Errors.option "batch norm's momentum" $"{momentum}" "0 up to less than 1" ""

        if not (epsilon > 0.0 && epsilon < infinity) then
            Errors.option "batch norm's epsilon" $"{epsilon}" "more than 0" ""

        {
            Scale = Tensor.ones Float32 [ channels ]
            Shift = Tensor.zeros Float32 [ channels ]
            Mean =
                {
                    Carried = Tensor.zeros Float32 [ channels ]
                }
            Variance =
                {
                    Carried = Tensor.ones Float32 [ channels ]
                }
            Momentum = momentum
            Epsilon = epsilon
        }

    /// Mean and variance of each channel over all other axes.
    let private statistics (x: Tensor) =
        let others = [ 0 .. x.Rank - 1 ] |> List.except [ 1 ]
        Tensor.meanOver others x, Tensor.varianceOver others x

    /// [batch; channels; ...] → the same shape, and the layer with statistics that follow the batch (in training).
    /// Training normalises by the batch's own mean and variance, and moves the running ones: running ← momentum·running +
    /// (1 − momentum)·batch. The variance is Σ(x − mean)²/n in both, as in Keras; the paper and PyTorch divide by n − 1 in the running one.
    let apply (mode: Mode) (layer: BatchNorm) (x: Tensor) : Tensor * BatchNorm =
        if x.Rank < 2 || x.Shape[1] <> layer.Scale.Count then
            Errors.shape "batch norm" (Errors.show x.Shape) $"[batch; {layer.Scale.Count}; ...]" ""

        let mean, variance, layer =
            match mode with
            | Mode.Infer -> layer.Mean.Carried, layer.Variance.Carried, layer
            | Mode.Train _ ->
                let mean, variance = statistics x

                let follow (running: Carried) batch =
                    {
                        Carried =
                            layer.Momentum * running.Carried
                            + (1.0 - layer.Momentum) * Tensor.stopGradient batch
                    }

                mean,
                variance,
                { layer with
                    Mean = follow layer.Mean mean
                    Variance = follow layer.Variance variance
                }

        let wide = Tensor.reshape (layer.Scale.Count :: List.replicate (x.Rank - 2) 1)
        // Multiplied out by channel first, and the mean taken off x itself: digits would be lost in x·factor − mean·factor.
        let factor = layer.Scale * Tensor.rsqrt (variance + layer.Epsilon)
        (x - wide mean) * wide factor + wide layer.Shift, layer
