using Google.Protobuf;
using Microsoft.FSharp.Core;

namespace Functional.TensorBoard;

/// <summary>An event file of TensorBoard. What is written is on the disk when a call returns.</summary>
/// <remarks>Events carry the time of day, so that equal trainings have event files that differ in it.</remarks>
internal sealed class EventLog
{
    private const string Prefix = "events.out.tfevents.";
    private readonly string _path;

    private EventLog(string path) => _path = path;

    /// <summary>Begins a new file in a folder, which is made when missing.</summary>
    public static EventLog Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        EventLog log = new(Path.Combine(folder, $"{Prefix}{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.{Environment.MachineName}"));
        log.Append(FileMode.Create, new Event { WallTime = Now, FileVersion = "brain.Event:2" });
        return log;
    }

    /// <summary>Goes on with the files of a folder, from which everything after a step is removed first; begins one when there is none.</summary>
    public static EventLog Continue(string folder, int step)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"{Prefix}*").Order(StringComparer.Ordinal)] : [];
        foreach (string file in files)
            Cut(file, step);
        return files.Length == 0 ? Begin(folder) : new EventLog(files[^1]);
    }

    /// <summary>Adds values of a step.</summary>
    public void Write(int step, params IEnumerable<Summary.Types.Value> values)
    {
        Event written = new()
        {
            WallTime = Now,
            Step = step,
            Summary = new Summary(),
        };
        written.Summary.Value.AddRange(values);
        Append(FileMode.Append, written);
    }

    private static double Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static void Cut(string path, int step)
    {
        byte[] bytes = File.ReadAllBytes(path);
        byte[] kept =
        [
            .. Records.Read(bytes).Where(data => Event.Parser.ParseFrom(data).Step <= step).SelectMany(data => Records.Frame(data)),
        ];
        if (kept.Length != bytes.Length)
            Core.Output.atomically(
                path,
                FSharpFunc<Stream, Unit>.FromConverter(stream =>
                {
                    stream.Write(kept);
                    return null!;
                })
            );
    }

    private void Append(FileMode mode, Event written)
    {
        using FileStream file = new(_path, mode);
        file.Write(Records.Frame(written.ToByteArray()));
        file.Flush(flushToDisk: true);
    }
}
