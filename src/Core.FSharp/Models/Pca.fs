namespace Functional.Core

open System
open Functional.Core.Engines

/// How principal components are found.
[<RequireQualifiedAccess>]
type PcaMethod =
    /// `Svd` for at most 20,000 numbers, `Covariance` where rows or inputs are at most 4,096, `Randomized` beyond.
    | Automatic
    /// Singular vectors of the centred rows.
    | Svd
    /// Eigenvectors of the covariance of the inputs, or of the products of the rows where there are fewer rows than inputs.
    | Covariance
    /// Subspace iteration from a random start (Halko, Martinsson & Tropp 2011): exact up to what `iterations` passes over the rows leave of
    /// the directions that are not asked for.
    | Randomized of iterations: int

type PcaOptions =
    {
        /// 1 or more; at most the inputs, and fewer than the rows.
        Components: int
        /// Whether codes are divided by their deviation, so that each has variance 1.
        Whiten: bool
        Method: PcaMethod
    }

/// Principal components: the orthonormal directions along which rows vary most, in order (Pearson 1901, Hotelling 1933).
type Pca =
    {
        /// [inputs].
        Mean: Tensor
        /// [components; inputs], orthonormal; the largest number of each row, by absolute value, is positive.
        Components: Tensor
        /// [components]: the variance of the rows along each (their mean square, divided by the number of rows).
        Variance: Tensor
        /// The variance of the rows in all directions together, a scalar.
        TotalVariance: Tensor
        Whiten: bool
    }

[<RequireQualifiedAccess>]
module Pca =
    let defaults =
        {
            Components = 2
            Whiten = false
            Method = PcaMethod.Automatic
        }

    /// Rows that are float64 at one time.
    let private blockRows = 4096

    /// Directions beyond those asked for that a random start follows.
    let private oversampling = 10

    /// Σ f(block, constants) over blocks of the rows in float64: a program for each size of block, and memory for one.
    let private total engine (f: Tensor -> 'C -> Tensor) (shape: int list) (constants: 'C) (x: Tensor) : Tensor =
        let add =
            compileStepOn engine (fun total (block, constants) -> total + f (Tensor.cast Float64 block) constants, ())

        let rows = x.Shape[0]

        (Tensor.zeros Float64 shape, [ 0..blockRows .. rows - 1 ])
        ||> List.fold (fun total start -> fst (add total (Tensor.slice 0 start (min blockRows (rows - start)) x, constants)))

    let private meanOf engine (x: Tensor) =
        let sum =
            total engine (fun block () -> Tensor.sumOver [ 0 ] block) [ x.Shape[1] ] () x

        sum / float x.Shape[0]

    let private totalVariance engine mean (x: Tensor) =
        let sum =
            total engine (fun block mean -> Tensor.sum (Tensor.square (block - mean))) [] mean x

        sum / float x.Shape[0]

    let private centre engine (mean: Tensor) (x: Tensor) =
        compileOn engine (fun (x, mean) -> Tensor.cast Float64 x - mean) (x, mean)

    /// Variances from the largest down and their directions, by the singular values and vectors of the centred rows.
    let private bySvd engine mean (x: Tensor) =
        let svd = Svd.thin (Subspace.rowsOf (centre engine mean x))
        svd.Values |> Array.map (fun value -> value * value / float x.Shape[0]), svd.Right

    /// The same by the covariance of the inputs.
    let private byInputs engine mean (x: Tensor) =
        let products (block: Tensor) mean =
            let centred = block - mean
            Tensor.matmul (Tensor.transpose centred) centred

        let sum = total engine products [ x.Shape[1]; x.Shape[1] ] mean x
        let eigen = Eigen.symmetric (Subspace.rowsOf (sum / float x.Shape[0]))
        eigen.Values, eigen.Vectors

    /// The same by the products of the rows: an eigenvector u of X·Xᵀ makes the eigenvector u·X of Xᵀ·X.
    let private byRows engine count mean (x: Tensor) =
        let centred = centre engine mean x

        let products =
            compileOn engine (fun x -> Tensor.matmul x (Tensor.transpose x) / float x.Shape[0]) centred

        let eigen = Eigen.symmetric (Subspace.rowsOf products)

        let directions =
            Tensor.matmul (Subspace.toMatrix (Array.take count eigen.Vectors)) centred

        eigen.Values, Subspace.rowsOf directions

    /// The same by iteration: directions drawn at random turn to those of most variance when the covariance is applied to them, and its
    /// eigenvectors within their space are the components.
    let private byIteration engine count iterations key mean (x: Tensor) =
        let inputs = x.Shape[1]
        let width = min inputs (count + oversampling)

        let applied (block: Tensor) (mean, space) =
            let centred = block - mean
            Tensor.matmul (Tensor.matmul space (Tensor.transpose centred)) centred

        let within (block: Tensor) (mean, space) =
            let codes = Tensor.matmul (block - mean) (Tensor.transpose space)
            Tensor.matmul (Tensor.transpose codes) codes / float x.Shape[0]

        let orthonormal space =
            Subspace.rowsOf space |> Subspace.orthonormalize |> Subspace.toMatrix

        let turn space =
            orthonormal (total engine applied [ width; inputs ] (mean, space) x)

        let start = orthonormal (Sample.normal key Float64 [ width; inputs ])
        let space = Seq.fold (fun space _ -> turn space) start [ 1..iterations ]

        let eigen =
            Eigen.symmetric (Subspace.rowsOf (total engine within [ width; width ] (mean, space) x))

        let directions = Tensor.matmul (Subspace.toMatrix eigen.Vectors) space
        eigen.Values, Subspace.rowsOf directions

    /// The longest side of a matrix that is decomposed whole.
    let private mostWhole = 4096

    /// The method for so many rows and inputs.
    let private choose (options: PcaOptions) rows inputs =
        match options.Method with
        | PcaMethod.Automatic when int64 rows * int64 inputs <= 20_000L -> PcaMethod.Svd
        | PcaMethod.Automatic when min rows inputs <= mostWhole -> PcaMethod.Covariance
        | PcaMethod.Automatic -> PcaMethod.Randomized 8
        | chosen -> chosen

    /// The row or its opposite, so that the largest number by absolute value is positive: eigenvectors have no sign of their own.
    let private canonical (row: float[]) =
        if row |> Array.maxBy abs < 0.0 then
            Array.map (~-) row
        else
            row

    /// Refuses more components than so many rows of so many numbers can have, in which they vary in fewer directions.
    let check (components: int) (rows: int) (inputs: int) : unit =
        let most = min inputs (rows - 1)

        if components < 1 || components > most then
            Errors.option "components" $"{components}" $"1 to {most}, as {rows} rows of {inputs} numbers vary in no more directions" ""

    /// The components of rows [rows; inputs], computed in float64 on `engine` and given in the type of the rows. Only `Randomized` uses
    /// the key. Errors: shape, when the rows are no matrix; option, when there are not so many components or a number is not finite.
    let fitOn engine (options: PcaOptions) key (x: Tensor) : Pca =
        if x.Rank <> 2 then
            Errors.shape "Pca.fit" (Errors.show x.Shape) "[rows; inputs]" "reshape it"

        let rows, inputs, count = x.Shape[0], x.Shape[1], options.Components
        check count rows inputs
        let mean = meanOf engine x

        let variances, directions =
            match choose options rows inputs with
            | PcaMethod.Svd -> bySvd engine mean x
            | PcaMethod.Randomized iterations -> byIteration engine count iterations key mean x
            | PcaMethod.Automatic
            | PcaMethod.Covariance ->
                if rows <= inputs then
                    byRows engine count mean x
                else
                    byInputs engine mean x

        // What is left of no variance at all is rounding, of either sign.
        let least = float (max rows inputs) * Math.ScaleB(1.0, -52) * variances[0]

        let components =
            Subspace.orthonormalize (Array.take count directions) |> Array.map canonical

        let own = Tensor.cast x.DType

        {
            Mean = own mean
            Components = own (Subspace.toMatrix components)
            Variance =
                Array.take count variances
                |> Array.map (fun variance -> if variance > least then variance else 0.0)
                |> Tensor.ofFloat64s [ count ]
                |> own
            TotalVariance = own (totalVariance engine mean x)
            Whiten = options.Whiten
        }

    /// `fitOn` the default engine.
    let fit (options: PcaOptions) key (x: Tensor) : Pca =
        fitOn Engines.defaultEngine.Value options key x

    /// The largest angle in degrees between the space of components that `fitOn` found and that of exact ones; NaN where the rows and the
    /// inputs are too many to find those.
    let angle engine (options: PcaOptions) (pca: Pca) (x: Tensor) : float =
        let rows, inputs = x.Shape[0], x.Shape[1]

        match choose options rows inputs with
        | PcaMethod.Randomized _ when min rows inputs > mostWhole -> nan
        | PcaMethod.Randomized _ ->
            let exact =
                { options with
                    Method = PcaMethod.Covariance
                }

            Subspace.angle pca.Components (fitOn engine exact (Key.ofSeed 0L) x).Components
        | _ -> Subspace.angle pca.Components pca.Components

    /// The share of the variance along each component: [components].
    let explained (pca: Pca) : Tensor = pca.Variance / pca.TotalVariance

    /// The deviation by which codes are divided.
    let private deviation (pca: Pca) =
        if pca.Whiten then
            Tensor.sqrt pca.Variance
        else
            Tensor.onesLike pca.Variance

    /// Codes of rows, (x − mean)·Componentsᵀ, divided by their deviation when whitened; a direction without variance has the code 0.
    /// [batch; inputs] → [batch; components].
    let encode (pca: Pca) (x: Tensor) : Tensor =
        let codes = Tensor.matmul (x - pca.Mean) (Tensor.transpose pca.Components)
        let deviation = deviation pca
        let zero = Tensor.zerosLike deviation
        let isVaried = Tensor.gt deviation zero
        Tensor.where isVaried (codes / Tensor.where isVaried deviation (Tensor.onesLike deviation)) zero

    /// The rows of codes: code·Components + mean. [batch; components] → [batch; inputs].
    let decode (pca: Pca) (codes: Tensor) : Tensor =
        Tensor.matmul (codes * deviation pca) pca.Components + pca.Mean

    /// Rows as the components have them: their projections. [batch; inputs] → [batch; inputs].
    let reconstruct (pca: Pca) (x: Tensor) : Tensor = decode pca (encode pca x)

    /// Parameters of the right form with zeros in them, to be read into from a file: for `inputs` numbers in a row.
    let blank (options: PcaOptions) (inputs: int) : Pca =
        let zeros shape = Tensor.zeros Float32 shape

        {
            Mean = zeros [ inputs ]
            Components = zeros [ options.Components; inputs ]
            Variance = zeros [ options.Components ]
            TotalVariance = zeros []
            Whiten = options.Whiten
        }

    /// What is said of reconstructions [batch; inputs]: `loss`, half the squared error of a row (lecture eq. 18.1); `mse`, the mean squared
    /// error of a number; `explained_variance`, the share of the variance of the rows fitted to that the error leaves.
    let internal measure (pca: Pca) (reconstructions: Tensor) (x: Tensor) : (string * Tensor) list =
        let mse = Tensor.mean (Loss.meanSquared reconstructions x)
        let error = float x.Shape[1] * mse

        [
            "loss", 0.5 * error
            "mse", mse
            "explained_variance", 1.0 - error / pca.TotalVariance
        ]

    /// What a pass over rows reports: loss, mse and explained_variance. Nothing is left to learn.
    let objective: Objective<Pca> =
        let report pca (batch: Batch) =
            measure pca (reconstruct pca batch.Rows) batch.Rows

        {
            Loss =
                fun pca input ->
                    let reported = report pca input.Batch

                    {
                        Loss = snd reported.Head
                        Reported = reported.Tail
                        Carried = pca
                    }
            Evaluate = fun pca _ batch -> report pca batch
        }

    /// A training that leaves components as they were fitted.
    let phases: Phase<Pca> list =
        [
            { Phase.make 1 objective with
                Frozen = [ "Mean"; "Components"; "Variance"; "TotalVariance" ]
            }
        ]
