namespace Functional.Core

open Functional.Core.Engines

/// What is known of the logarithm of a partition function.
type LogPartition =
    /// All states were gone through.
    | Exact of float
    /// Annealed from both sides.
    | Bracketed of AisBracket

    /// log Z, or the middle of the bracket. Where its upper end is below the lower one it is the lower one: that is rarely much too large,
    /// whatever the machine, so it is the samples behind the upper end that are wrong.
    member known.Middle = max known.Low (0.5 * (known.Low + known.High))

    /// log Z, or the estimate that is too small in expectation. A likelihood that is taken with it is too good.
    member known.Low =
        match known with
        | Exact logZ -> logZ
        | Bracketed bracket -> bracket.Forward.LogZ

    /// log Z, or the estimate that is too large in expectation. A likelihood that is taken with it is too bad.
    member known.High =
        match known with
        | Exact logZ -> logZ
        | Bracketed bracket -> bracket.Reverse.LogZ

[<RequireQualifiedAccess>]
module LogPartition =
    let private settle =
        compileForEach (fun (turns, key, rbm, rows) -> fst (Rbm.gibbs turns key rbm rows))

    /// As many of the rows as there are chains, from all over the set; each of them several times where there are too few.
    let private starts (chains: int) (rows: Tensor) : Tensor =
        let count = rows.Shape[0]

        let chosen =
            Array.init chains (fun chain -> int (int64 chain * int64 count / int64 chains))

        Tensor.gatherRows (Tensor.ofInt32s [ chains ] chosen) rows

    /// log Z annealed from both sides: the base machine has the means of the `rows`, [batch; visible]; the samples of the model are exact
    /// where they can be had, or else ends of Gibbs chains that begin at some of the rows.
    let annealOn (engine: Engine) (options: AisOptions) (key: Key) (rbm: Rbm) (rows: Tensor) : LogPartition =
        let chains, annealing = Key.pair key

        let samples =
            if Partition.isEnumerable rbm then
                Partition.sampleOn engine chains options.Chains rbm
            else
                settle engine (options.BurnIn, chains, rbm, starts options.Chains rows)

        Bracketed(Ais.bracketOn engine options annealing (Tensor.meanOver [ 0 ] rows) rbm samples)

    /// log Z, exactly where the states can be gone through, or else as `annealOn` has it.
    let measureOn (engine: Engine) (options: AisOptions) (key: Key) (rbm: Rbm) (rows: Tensor) : LogPartition =
        if Partition.isEnumerable rbm then
            Exact(Partition.exactOn engine rbm)
        else
            annealOn engine options key rbm rows

    /// `annealOn` the default engine.
    let anneal (options: AisOptions) (key: Key) (rbm: Rbm) (rows: Tensor) : LogPartition =
        annealOn Engines.defaultEngine.Value options key rbm rows

    /// `measureOn` the default engine.
    let measure (options: AisOptions) (key: Key) (rbm: Rbm) (rows: Tensor) : LogPartition =
        measureOn Engines.defaultEngine.Value options key rbm rows
