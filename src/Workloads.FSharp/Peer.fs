namespace Functional.Workloads

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading.Tasks
open Functional.Core

/// Another library's program for the same training steps: `COMMAND NAME ...` prints a JSON object a line.
type Peer =
    {
        /// A program's file, or its name where the system looks for programs.
        Command: string
        /// Given to it as OMP_NUM_THREADS.
        Threads: int
    }

[<RequireQualifiedAccess>]
module Peer =
    let private patience = TimeSpan.FromMinutes 10.0

    /// What the peer's own script is called, beside its command.
    let private stepsFile = "pytorch_steps.py"

    let private refuse (command: string) found expected fix : 'a =
        Errors.state $"peer {command}" found expected fix

    let private full (command: string) =
        if File.Exists command then
            Path.GetFullPath command
        else
            command

    /// The last line of what a program said, or nothing.
    let private lastLine (text: string) =
        match text.TrimEnd().Split '\n' |> Array.last with
        | "" -> ""
        | line -> $": {line.Trim()}"

    let private output (peer: Peer) (command: string) (arguments: string list) (variables: (string * string) list) : string =
        let expected = "JSON lines"

        let start =
            ProcessStartInfo(command, arguments, RedirectStandardOutput = true, RedirectStandardError = true)

        for name, value in ("OMP_NUM_THREADS", $"{peer.Threads}") :: variables do
            start.Environment[name] <- value

        try
            use running = new Process(StartInfo = start)
            running.Start() |> ignore

            let said =
                [| running.StandardOutput; running.StandardError |]
                |> Array.map _.ReadToEndAsync()

            if not (running.WaitForExit patience) then
                running.Kill(entireProcessTree = true)
                refuse peer.Command $"nothing within {patience.TotalMinutes} minutes" expected ""

            Task.WaitAll(Array.map (fun (text: Task<string>) -> text :> Task) said)

            if running.ExitCode <> 0 then
                refuse peer.Command $"exit code {running.ExitCode}{lastLine said[1].Result}" expected ""

            said[0].Result
        with :? Win32Exception as fault ->
            refuse peer.Command $"no program that runs ({fault.Message})" "a command that prints JSON lines" ""

    /// The objects that the output has for workloads, by name, each read by `read`.
    let private parse (peer: Peer) (names: string list) (read: JsonElement -> 'T) (text: string) : 'T list =
        let lines =
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

        let parsed (line: string) =
            try
                let json = JsonDocument.Parse(line).RootElement
                json.GetProperty("workload").ToString(), read json
            with
            | :? JsonException
            | :? InvalidOperationException
            | :? FormatException
            | :? Collections.Generic.KeyNotFoundException as fault ->
                refuse
                    peer.Command
                    $"the line {Excerpt.quote line} ({fault.Message.TrimEnd '.'})"
                    "an object with the fields of a result"
                    ""

        let found = lines |> Array.map parsed |> Map.ofArray

        [
            for name in names do
                match Map.tryFind name found with
                | Some result -> result
                | None -> refuse peer.Command $"no line for {name}" "a line with its name as workload" ""
        ]

    /// The median time of the peer's step in milliseconds. Errors: state, when the command fails or does not say.
    let measure (peer: Peer) (name: string) : float =
        let read (json: JsonElement) =
            json.GetProperty("median_ms").GetDouble()

        match output peer (full peer.Command) [ name ] [] |> parse peer [ name ] read with
        | [ time ] when time > 0.0 && Double.IsFinite time -> time
        | times -> refuse peer.Command $"a median_ms of {times.Head} for {name}" "more than 0" ""

    let private trial (json: JsonElement) : Trial =
        {
            Parameters = json.GetProperty("parameters").GetInt32()
            Losses = [ for loss in json.GetProperty("losses").EnumerateArray() -> loss.GetDouble() ]
            Movement = json.GetProperty("movement").GetDouble()
        }

    /// What the peer's steps come to from fixed numbers. A script of ours takes the place of the peer's, beside a copy of its command, so
    /// that both run in the same interpreter with the same settings; it loads the peer's steps from where they are.
    /// Errors: state, when there is no script beside the command or it does not do as expected.
    let attempt (peer: Peer) (names: string list) : Trial list =
        let command = full peer.Command
        let steps = Path.Combine(nonNull (Path.GetDirectoryName command), stepsFile)

        if not (File.Exists command && File.Exists steps) then
            refuse peer.Command $"no {stepsFile} beside it, so the work can not be compared" "one" "--no-check times it anyway"

        let folder = Directory.CreateTempSubdirectory "functional-"

        try
            let copy = Path.Combine(folder.FullName, nonNull (Path.GetFileName command))
            File.Copy(command, copy)

            use script =
                nonNull (typeof<Peer>.Assembly.GetManifestResourceStream "same_work.py")

            do
                use file = File.Create(Path.Combine(folder.FullName, stepsFile))
                script.CopyTo file

            output peer copy names [ "FUNCTIONAL_PEER", steps ] |> parse peer names trial
        finally
            folder.Delete(recursive = true)
