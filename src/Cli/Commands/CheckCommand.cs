using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>check: what this machine computes with, and where data is looked for.</summary>
internal static class CheckCommand
{
    private static readonly Option<string?> DataDir = Switches.DataDir();

    public static Verb Create() =>
        new("check", "Says what this machine computes with and where data was found.", "functional check", Run, DataDir);

    private static Result Run(ParseResult line)
    {
        (string Path, bool IsFound)[] folders =
        [
            .. Datasets.Folders(line.GetValue(DataDir)).Select(folder => (folder, Directory.Exists(folder))),
        ];
        DatasetEntry[] sets = [.. Datasets.List(line.GetValue(DataDir)).Where(set => set.Place is not null)];
        JsonObject json = new()
        {
            ["version"] = Machine.Version,
            ["dotnet"] = Machine.Runtime,
            ["architecture"] = Machine.Architecture,
            ["vector_bits"] = Machine.VectorBits,
            ["threads"] = Machine.Processors,
            ["engines"] = new JsonArray([.. ComputeEngines.All.Select(name => JsonValue.Create(name))]),
            ["folders"] = new JsonArray([
                .. folders.Select(folder => new JsonObject { ["path"] = folder.Path, ["found"] = folder.IsFound }),
            ]),
            ["data"] = new JsonArray([.. sets.Select(set => JsonValue.Create(set.Name))]),
        };
        string text = Result.Lines([
            ("version", $"{Machine.Version} on .NET {Machine.Runtime}, {Machine.Architecture}"),
            ("vectors", $"{Machine.VectorBits} bits"),
            ("threads", $"{Machine.Processors}"),
            ("engines", string.Join(", ", ComputeEngines.All)),
            .. folders.Select(folder => ("data folder", $"{folder.Path}{(folder.IsFound ? "" : " (not there)")}")),
            ("data found", string.Join(", ", sets.Select(set => set.Name))),
        ]);
        return new Result(json, text);
    }
}
