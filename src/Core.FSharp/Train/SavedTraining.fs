namespace Functional.Core

open System

/// What a training was made of, as its checkpoint holds it.
type SavedTraining<'P> =
    {
        State: TrainingState<'P>
        /// Parameters put aside, as the best so far.
        Kept: 'P option
        /// The state to go back to when the training diverges, where that is not `State`.
        Good: TrainingState<'P> option
    }

[<RequireQualifiedAccess>]
module internal SavedTraining =
    /// The number of the phase that a checkpoint's optimizer belongs to: it decides the form of the state. 0 where the file does not say.
    let phase (file: SafetensorsFile) : int =
        match file.Arrays |> Array.tryFind (fun array -> array.Name = "State.Phase") with
        | Some array when array.Bytes.Length = sizeof<int> -> max 0 (BitConverter.ToInt32(array.Bytes, 0))
        | _ -> 0

    /// The content of a checkpoint whose states have the form of `like`; what was not put aside is not looked for.
    let restore (path: string) (file: SafetensorsFile) (like: TrainingState<'P>) : SavedTraining<'P> =
        let whenHeld (part: string) value =
            if
                file.Arrays
                |> Array.exists _.Name.StartsWith(part + ".", StringComparison.Ordinal)
            then
                Some value
            else
                None

        Checkpoint.restore
            path
            file
            {
                State = like
                Kept = whenHeld "Kept" like.Parameters
                Good = whenHeld "Good" like
            }
