namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Principal components against their definition.
type PcaTests() =
    static let key = Key.ofSeed 1L

    /// Rows with deviations 5, 4, 3, ... along directions of no axis, far from the origin.
    static let data rows inputs =
        let vectors =
            (Eigen.symmetric (Matrices.squares (Matrices.normal 8L (2 * inputs) inputs))).Vectors

        let deviations = Array.init inputs (fun i -> 5.0 * 0.8 ** float i)
        let noise = Matrices.normal 9L rows inputs

        noise
        |> Array.map (fun row ->
            Array.init inputs (fun j ->
                10.0
                + (Array.mapi (fun k vector -> row[k] * deviations[k] * Array.item j vector) vectors
                   |> Array.sum)))
        |> Matrices.tensor

    static let methods =
        [
            PcaMethod.Svd
            PcaMethod.Covariance
            PcaMethod.Randomized 40
            PcaMethod.Automatic
        ]

    static let sets = [ 60, 8; 8, 30; 300, 5 ]

    static let fit method components whiten x =
        Pca.fit
            {
                Components = components
                Whiten = whiten
                Method = method
            }
            key
            x

    /// The covariance of rows, divided by their number, as sums.
    static let covariance (x: float[][]) =
        let count = float x.Length
        let mean = Array.transpose x |> Array.map Array.average

        x
        |> Array.map (fun row -> Array.map2 (-) row mean)
        |> Matrices.squares
        |> Array.map (Array.map (fun sum -> sum / count))

    [<Fact>]
    member _.``components are orthonormal eigenvectors of the covariance, largest first, with one sign``() =
        for method in methods do
            for rows, inputs in sets do
                let x = data rows inputs
                let pca = fit method 4 false x

                let components, variances =
                    Matrices.ofTensor pca.Components, pca.Variance.ToFloat64s()

                Matrices.orthonormal 1e-13 components
                Matrices.descending variances
                let covariance = covariance (Matrices.ofTensor x)

                for k in 0..3 do
                    let image = covariance |> Array.map (Matrices.dot components[k])
                    Close.check $"{method} component {k}" 1e-9 (components[k] |> Array.map (fun c -> variances[k] * c)) image
                    Assert.True(Array.maxBy abs components[k] > 0.0)

                Assert.Equal(Array.init inputs (fun i -> covariance[i][i]) |> Array.sum, pca.TotalVariance.ToScalar(), 1e-10)
                Close.check "mean" 1e-12 (Array.transpose (Matrices.ofTensor x) |> Array.map Array.average) (pca.Mean.ToFloat64s())

    [<Fact>]
    member _.``all methods find the same``() =
        for rows, inputs in sets do
            let x = data rows inputs
            let expected = fit PcaMethod.Svd 3 false x

            for method in methods do
                let found = fit method 3 false x
                Close.check $"{method}" 1e-10 (expected.Components.ToFloat64s()) (found.Components.ToFloat64s())
                Close.check $"{method}" 1e-10 (expected.Variance.ToFloat64s()) (found.Variance.ToFloat64s())

    [<Fact>]
    member _.``the squared error of reconstructions is the variance that is left out``() =
        let x = data 60 8
        let all = (fit PcaMethod.Svd 8 false x).Variance.ToFloat64s()

        for count in 1..8 do
            let pca = fit PcaMethod.Covariance count false x
            let error = Tensor.sum (Tensor.square (x - Pca.reconstruct pca x)) / 60.0
            Close.tensor 1e-10 [ Array.sum all[count..] ] error
            Close.tensor 1e-12 [ Array.sum all[.. count - 1] / Array.sum all ] (Tensor.sum (Pca.explained pca))

    [<Fact>]
    member _.``codes have a diagonal covariance, which whitening makes the identity``() =
        let x = data 60 8

        for whiten in [ false; true ] do
            let pca = fit PcaMethod.Automatic 3 whiten x
            let codes = Pca.encode pca x

            let variances =
                if whiten then
                    [| 1.0; 1.0; 1.0 |]
                else
                    pca.Variance.ToFloat64s()

            let expected =
                Array.init 3 (fun i -> Array.init 3 (fun j -> if i = j then variances[i] else 0.0))

            Matrices.close "covariance" 1e-10 expected (covariance (Matrices.ofTensor codes))
            Close.tensor 1e-12 [ 0.0; 0.0; 0.0 ] (Tensor.meanOver [ 0 ] codes)

    [<Fact>]
    member _.``whitening changes codes, not reconstructions, and codes come back``() =
        let x = data 60 8

        let plain, white =
            fit PcaMethod.Automatic 3 false x, fit PcaMethod.Automatic 3 true x

        Close.check "reconstructions" 1e-12 ((Pca.reconstruct plain x).ToFloat64s()) ((Pca.reconstruct white x).ToFloat64s())
        let codes = Sample.normal key Float64 [ 7; 3 ]

        for pca in [ plain; white ] do
            Close.check "codes" 1e-12 (codes.ToFloat64s()) ((Pca.encode pca (Pca.decode pca codes)).ToFloat64s())

    [<Fact>]
    member _.``rows that vary in fewer directions have variances and whitened codes of zero in the others``() =
        let flat = data 40 2
        let inputs = Tensor.matmul flat (Sample.normal key Float64 [ 2; 6 ])

        for method in methods do
            let pca = fit method 5 true inputs
            Matrices.orthonormal 1e-12 (Matrices.ofTensor pca.Components)
            Assert.Equal<float[]>([| 0.0; 0.0; 0.0 |], (pca.Variance.ToFloat64s())[2..])
            let codes = Matrices.ofTensor (Pca.encode pca inputs)
            Assert.All(codes, (fun code -> Assert.Equal<float[]>([| 0.0; 0.0; 0.0 |], code[2..])))
            Close.check "rows" 1e-9 (inputs.ToFloat64s()) ((Pca.reconstruct pca inputs).ToFloat64s())

    [<Fact>]
    member _.``iteration comes near the components of a set with a slow decay``() =
        let x = data 500 40
        let exact = fit PcaMethod.Covariance 3 false x

        let angle iterations =
            Subspace.angle (fit (PcaMethod.Randomized iterations) 3 false x).Components exact.Components

        Assert.InRange(angle 8, 0.0, 1e-2)
        Assert.True(angle 2 > 10.0 * angle 8)

    [<Fact>]
    member _.``the result has the type of the rows and the same bits at any number of threads``() =
        let x = Tensor.cast Float32 (data 5000 40)

        for method in methods do
            let options =
                { Pca.defaults with
                    Components = 3
                    Method = method
                }

            let numbers engine =
                let pca = Pca.fitOn (TestEngines.find engine) options key x
                Assert.Equal(Float32, pca.Components.DType)
                VaeStep.numbers pca

            let expected = numbers TestEngines.threads.Head
            Assert.All(TestEngines.threads, (fun engine -> Assert.Equal<float[]>(expected, numbers engine)))

    [<Fact>]
    member _.``more components than directions are refused``() =
        let refused components x =
            (throws<ArgumentException>(fun () -> fit PcaMethod.Automatic components false x |> ignore)).Message

        Assert.Contains("expected 1 to 7, as 8 rows of 30 numbers vary in no more directions", refused 8 (data 8 30))
        Assert.Contains("expected 1 to 5", refused 6 (data 300 5))
        Assert.Contains("components: found 0", refused 0 (data 300 5))
        throws<ShapeException>(fun () -> fit PcaMethod.Automatic 1 false (Tensor.vector [ 1.0 ]) |> ignore)

    [<Fact>]
    member _.``the objective measures reconstructions``() =
        let x = data 60 8
        let pca = fit PcaMethod.Automatic 3 false x

        let reported =
            Pca.objective.Evaluate
                pca
                key
                {
                    Rows = x
                    Labels = None
                    Weights = None
                }
            |> List.map (fun (name, value) -> name, value.ToScalar())
            |> Map

        let left = pca.TotalVariance.ToScalar() - (Tensor.sum pca.Variance).ToScalar()
        Assert.Equal(left / 2.0, reported["loss"], 1e-10)
        Assert.Equal(left / 8.0, reported["mse"], 1e-10)
        Assert.Equal((Tensor.sum (Pca.explained pca)).ToScalar(), reported["explained_variance"], 1e-12)
