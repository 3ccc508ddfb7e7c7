namespace Functional.Core

/// The denoising autoencoder (Vincent, Larochelle, Bengio & Manzagol 2008): an autoencoder that is given spoiled rows and has to give back
/// the clean ones. Its parameters, and its use on rows that are spoiled already, are those of `Autoencoder`.
[<RequireQualifiedAccess>]
module Denoising =
    /// What training minimises and reports: loss and mse, both against the clean rows. Held-out rows are spoiled too.
    let objective (corruption: Corruption) : Objective<Autoencoder> =
        Autoencoder.objective (Corruption.apply corruption)

    /// One layer at a time, then all together, as `Autoencoder.phases`; each layer is given its codes spoiled and gives back the clean ones
    /// (Vincent et al. 2010).
    let phases (corruption: Corruption) (layerEpochs: int) (epochs: int) (layers: int) : Phase<Autoencoder> list =
        Autoencoder.phases (Corruption.apply corruption) layerEpochs epochs layers

    /// The peak signal-to-noise ratio of rows against clean ones whose greatest value is 1: −10·log₁₀ of the mean squared error over all
    /// numbers, in dB; infinite for equal rows. Two of the same shape → scalar.
    let psnr (clean: Tensor) (x: Tensor) : Tensor =
        Tensor.log (Tensor.mean (Tensor.square (x - clean))) * (-10.0 / log 10.0)
