namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type RecurrentVaeTests() =
    static let shape =
        {
            Steps = 4
            Features = 2
            Units = 3
            LatentSize = 2
            Likelihood = Likelihood.Gaussian 0.3
        }

    static let create shape =
        RecurrentVae.create shape (Key.ofSeed 1L)

    [<Fact>]
    member _.``sequences become codes and codes become sequences``() =
        let x = Sample.normal (Key.ofSeed 2L) Float32 [ 5; 8 ]
        let vae = create shape
        let mean, _ = Vae.encode vae x
        Assert.Equal<int[]>([| 5; 2 |], mean.Shape)
        Assert.Equal<int[]>(x.Shape, (Vae.decode vae mean).Shape)
        Assert.Equal<int[]>([| 6; 8 |], (Vae.sample vae (Key.ofSeed 3L) 6).Shape)

    [<Fact>]
    member _.``the gradient of the loss is what finite differences show``() =
        let x = Sample.normal (Key.ofSeed 2L) Float64 [ 5; 8 ]

        create shape
        |> Tree.map (Tensor.cast Float64)
        |> Slope.check 1e-6 (fun vae -> Vae.loss 1.0 (Vae.elbo vae (Key.ofSeed 4L) x))

    [<Fact>]
    member _.``ways round ellipses are learnt``() =
        let deviation = 0.1
        let train, test = Synthetic.sequences (Threefry.ofSeed 1L)

        let columns (set: Dataset) =
            Array.chunkBySize set.RowSize set.Features |> Array.transpose

        // A model without codes can do no better than the mean of each number.
        let bestWithoutCode =
            columns test
            |> Array.sumBy (fun column ->
                let mean = Array.average column
                let variance = column |> Array.averageBy (fun x -> float (x - mean) ** 2.0)

                0.5
                * (variance / (deviation * deviation) + log (2.0 * Math.PI * deviation * deviation)))

        let options =
            { TrainingOptions.defaults with
                Epochs = 6
                BatchSize = 64
                Optimizer = Optimizer.adam 0.003
            }

        let vae =
            create
                {
                    Steps = 32
                    Features = 2
                    Units = 32
                    LatentSize = 6
                    Likelihood = Likelihood.Gaussian deviation
                }

        let training =
            Training(Tiny.engine, VaeObjective.create VaeObjective.defaults, options, vae, train, Some test)

        let last = (Tiny.finish training).Epochs |> List.last
        let loss = (Map.ofArray last.Metrics)["val_loss"]
        Assert.True(loss < 0.4 * bestWithoutCode, $"{loss}, without codes {bestWithoutCode}")
