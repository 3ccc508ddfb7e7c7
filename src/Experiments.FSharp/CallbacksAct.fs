namespace Functional.Experiments

open System
open System.IO
open System.Threading
open Functional

/// Counts epochs across interruptions: a callback of the caller's with a state of its own.
[<Sealed>]
type internal EpochCounter() =
    inherit Callback()

    member val Count = 0 with get, set

    override this.OnEpoch(run, epoch) =
        this.Count <- this.Count + 1
        run.Note $"caller's own callback: epoch {epoch.Epoch} is number {this.Count}"

    override this.SaveState() = string this.Count
    override this.RestoreState state = this.Count <- int state

/// Every callback in one run, interrupted and resumed, beside the same run left alone.
[<RequireQualifiedAccess>]
module CallbacksAct =
    let private epochs = 40

    let private callbacks (counter: EpochCounter) (folder: string) : Callback[] =
        let path name = Path.Combine(folder, name)

        // A plateau of ten nats is reached soon, and with the rate gone nothing gets better.
        [|
            Callbacks.EarlyStopping("val_loss", patience = 2, restoreBest = true)
            Callbacks.ReduceLROnPlateau("val_loss", factor = 0.1, patience = 1, minDelta = 10.0)
            Callbacks.ModelCheckpoint(path "models/{epoch:02d}-{val_loss:.2f}.safetensors", bestOnly = true)
            Callbacks.CsvLog(path "log.csv")
            Callbacks.TensorBoard(path "events", histograms = true)
            counter
            Callbacks.Checkpoint(path "run")
        |]

    let private options (context: Context) (data: DataSplits) (callbacks: Callback[]) =
        VaeOptions(
            Hidden = [| 32 |],
            LatentSize = 4,
            Epochs = epochs,
            BatchSize = 100,
            Optimizer = Optimizers.Adam 0.005,
            Seed = context.Seeds.Head,
            Threads = context.Threads,
            Validation = data.Validation,
            Callbacks = callbacks
        )

    let private train (context: Context) (data: DataSplits) label counter (token: CancellationToken) =
        let callbacks = callbacks counter (Context.path label context)
        Models.Vae.Train(data.Train, options context data callbacks, Context.progress label context, token)

    /// Interrupts the training in its third epoch, and goes on with it.
    let private trainInParts (context: Context) (data: DataSplits) label (counter: EpochCounter) =
        use source = CancellationTokenSource.CreateLinkedTokenSource context.Cancellation

        let interrupt =
            { new Callback() with
                override _.OnStep run =
                    if run.Epoch = 2 && run.Batch = 5 then
                        source.Cancel()
            }

        try
            let callbacks =
                Array.append [| interrupt |] (callbacks (EpochCounter()) (Context.path label context))

            Models.Vae.Train(data.Train, options context data callbacks, Context.progress label context, source.Token)
        with :? OperationCanceledException when not context.Cancellation.IsCancellationRequested ->
            context.Report $"{label}: interrupted in epoch 3, and resumed"

            Models.Vae.Resume(
                Context.path $"{label}/run" context,
                callbacks = [| counter |],
                progress = Context.progress label context,
                cancellation = context.Cancellation
            )

    let private files pattern (folder: string) = Directory.GetFiles(folder, pattern)

    /// Values that are less than all before them.
    let private records (values: float seq) =
        values
        |> Seq.fold (fun (count, least) value -> if value < least then count + 1, value else count, least) (0, infinity)
        |> fst

    let private rows (context: Context) =
        let data = context.Data["letters"]
        let counter = EpochCounter()
        let whole = train context data "whole" (EpochCounter()) context.Cancellation
        let model = trainInParts context data "resumed" counter
        let path name = Context.path $"resumed/{name}" context
        let losses = model.History["val_loss"]
        let lines = File.ReadAllLines(path "log.csv") |> Array.tail
        let rates = [ for line in lines -> float (line.Split(',')[2]) ]

        let model', whole' =
            let bytes (model: VaeModel) name =
                model.Save(Context.path name context)
                File.ReadAllBytes(Context.path name context)

            bytes model "resumed.safetensors", bytes whole "whole.safetensors"

        let count name (number: int) (expected: int) =
            Row.measured name (float number) |> Row.within 0.0 (float expected)

        let seen = float losses.Count

        [
            Row.measured "EarlyStopping: epochs of 40" seen
            |> Row.atMost (float epochs - 1.0)
            Row.measured "EarlyStopping: val_loss of the model less the least" (model.Evaluate(data.Validation)["loss"] - Seq.min losses)
            |> Row.inUnit "nats"
            |> Row.within 0.0 0.0
            Row.measured "ReduceLROnPlateau: rates" (float (List.distinct rates).Length)
            |> Row.atLeast 2.0
            count "ModelCheckpoint: files, one for each least val_loss" (files "*.safetensors" (path "models")).Length (records losses)
            count "CsvLog: lines, one an epoch" lines.Length losses.Count
            count "TensorBoard: event files" (files "events.out.tfevents.*" (path "events")).Length 1
            count "Checkpoint: pictures in the run folder, one an epoch" (files "*.png" (path "run/samples")).Length losses.Count
            count "caller's own: epochs counted across the interruption" counter.Count losses.Count
            count
                "model after the interruption: bytes unlike the other run's"
                (Seq.fold2 (fun n a b -> if a = b then n else n + 1) 0 model' whole')
                0
        ]

    let experiment =
        {
            Id = "callbacks"
            Title = "every callback at work in one run, interrupted and resumed"
            Source = "Keras' callbacks of these names"
            Needs = [ "letters" ]
            Seeds = 1
            Run = rows
        }
