namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// The components of the real MNIST.
[<Collection("alone")>]
type MnistPcaTests() =
    [<MnistFact>]
    member _.``of 60,000 images are found by covariance, and by iteration``() =
        let mnist = (Sources.resolve None 1L "mnist").Train
        let x = Tensor.ofFloat32s [ mnist.Count; mnist.RowSize ] mnist.Features

        let fit method =
            Pca.fit
                { Pca.defaults with
                    Components = 20
                    Method = method
                }
                (Key.ofSeed 1L)
                x

        let exact = fit PcaMethod.Automatic

        let components, variances =
            Matrices.ofTensor exact.Components, exact.Variance.ToFloat64s()

        Matrices.orthonormal 1e-6 components
        Matrices.descending variances

        // The variance along each is that of its codes, and the squared error is what all leave.
        let codes = Pca.encode exact x
        Close.check "variances" 1e-5 variances ((Tensor.varianceOver [ 0 ] codes).ToFloat64s())

        let error =
            Tensor.sum (Tensor.square (x - Pca.decode exact codes)) / float mnist.Count

        Close.tensor 1e-5 [ exact.TotalVariance.ToScalar() - Array.sum variances ] error
        Assert.InRange(Subspace.angle (fit (PcaMethod.Randomized 15)).Components exact.Components, 0.0, 0.1)
