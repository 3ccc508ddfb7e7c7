namespace Functional.Core

/// How chains begin.
type ReplayBufferOptions =
    {
        /// The probability with which a chain begins in noise instead of where an earlier one ended: 0 to 1.
        Refresh: float
        /// Noise is uniform in [low, high).
        Noise: float * float
    }

/// The ends of the latest chains, from which the next ones go on (Du & Mordatch 2019; the article on energy-based models of MNIST). It is a
/// value: whoever holds an old buffer still has it as it was.
type ReplayBuffer =
    {
        /// [capacity; ...], the newest first.
        Rows: Carried
    }

[<RequireQualifiedAccess>]
module ReplayBuffer =
    /// The article's: 5 % of the chains begin in noise in [−1, 1).
    let defaults = { Refresh = 0.05; Noise = (-1.0, 1.0) }

    /// Noise for chains to begin in.
    let noise (options: ReplayBufferOptions) (key: Key) (dtype: DType) (shape: int seq) : Tensor =
        let low, high = options.Noise
        Sample.uniformBetween key dtype shape low high

    /// A buffer of so many rows of a shape, all of them noise. It never grows: the article's, which begins with 128 rows and grows to its
    /// capacity, is the same after capacity/128 steps. Errors: option, for a capacity below 1, a share that is none or noise without a range.
    let create (options: ReplayBufferOptions) (key: Key) (capacity: int) (row: int list) : ReplayBuffer =
        if capacity < 1 then
            Errors.option "buffer" $"{capacity} rows" "1 or more" ""

        if not (options.Refresh >= 0.0 && options.Refresh <= 1.0) then
            Errors.option "refresh" $"{options.Refresh}" "0 to 1" ""

        if not (fst options.Noise < snd options.Noise) then
            Errors.option "noise" $"{fst options.Noise} to {snd options.Noise}" "a least number and a greater one" ""

        {
            Rows =
                {
                    Carried = noise options key Float32 (capacity :: row)
                }
        }

    /// How many rows it holds.
    let capacity (buffer: ReplayBuffer) : int = buffer.Rows.Carried.Shape[0]

    /// Where `count` chains begin: rows of the buffer, drawn with replacement, each replaced by noise with the probability `Refresh`, so that
    /// the number of fresh ones is binomial. → [count; ...].
    let draw (options: ReplayBufferOptions) (key: Key) (count: int) (buffer: ReplayBuffer) : Tensor =
        match Key.split 3 key with
        | [ places; fates; fresh ] ->
            // A float32 below 1 times n is rounded to a number below n, so the place is one of the buffer.
            let place =
                Sample.uniform places Float32 [ count ] * float (capacity buffer)
                |> Tensor.cast DType.Int32

            let old = Tensor.gatherRows place buffer.Rows.Carried

            let isFresh =
                Sample.bernoulli fates (Tensor.full Float32 [ count ] options.Refresh)
                |> Tensor.reshape (count :: List.replicate (old.Rank - 1) 1)

            Tensor.where isFresh (noise options fresh old.DType old.Shape) old
        | _ -> Errors.state "ReplayBuffer.draw" "another number of keys" "3" ""

    /// The buffer with the ends of chains [count; ...] before the rows it had, of which the oldest go.
    let store (ends: Tensor) (buffer: ReplayBuffer) : ReplayBuffer =
        let capacity = capacity buffer
        let newest = Tensor.concatenate 0 [ ends; buffer.Rows.Carried ]

        {
            Rows =
                {
                    Carried = Tensor.slice 0 0 capacity newest
                }
        }
