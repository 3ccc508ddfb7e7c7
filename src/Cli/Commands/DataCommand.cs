using System.CommandLine;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>data: what can be trained on, and a look at it.</summary>
internal static class DataCommand
{
    private static readonly Option<string?> ListDataDir = Switches.DataDir();
    private static readonly Argument<string> Name = new("D")
    {
        Description = "A name of data list, idx:IMAGES[,LABELS], csv:FILE or npz:FILE.",
    };
    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<string?> Split = Switches.Split();
    private static readonly Option<int> Count = Switches.Count(64);
    private static readonly Option<string?> Output = Switches.Output("A PNG file with the first rows.");

    public static Command Create() =>
        new("data", "Shows what can be trained on.")
        {
            new Verb("list", "Lists the sets that have a name, and where each was found.", "functional data list", List, ListDataDir),
            new Verb(
                "show",
                "Describes a set, and draws its first rows.",
                "functional data show letters -o letters.png",
                Show,
                Name,
                DataDir,
                Split,
                Count,
                Output
            ),
        };

    private static Result List(ParseResult line)
    {
        IReadOnlyList<DatasetEntry> sets = Datasets.List(line.GetValue(ListDataDir));
        JsonArray json =
        [
            .. sets.Select(set => new JsonObject
            {
                ["name"] = set.Name,
                ["description"] = set.Description,
                ["place"] = set.Place,
            }),
        ];
        string table = Result.Lines(sets.Select(set => (set.Name, $"{set.Place ?? "not found"}; {set.Description}")));
        return new Result(
            new JsonObject { ["sets"] = json },
            table + "\nFiles: idx:IMAGES[,LABELS], csv:FILE[,missing=mean|zero|drop-row][,label=COLUMN][,transpose], npz:FILE"
        );
    }

    private static Result Show(ParseResult line)
    {
        DataSplits data = Datasets.Load(line.GetRequiredValue(Name), line.GetValue(DataDir));
        string split = line.GetValue(Split) ?? "train";
        DataRows rows = data[split];
        string? path = line.GetValue(Output);
        if (path is not null)
            rows.Take(line.GetValue(Count)).SavePng(path);
        (float least, float most) = (TensorPrimitives.Min(rows.Values), TensorPrimitives.Max(rows.Values));
        JsonObject json = new()
        {
            ["name"] = rows.Name,
            ["split"] = split,
            ["rows"] = rows.Count,
            ["row_shape"] = new JsonArray([.. rows.RowShape.Select(size => JsonValue.Create(size))]),
            ["least"] = least,
            ["most"] = most,
            ["classes"] = rows.Classes is { } classes ? new JsonArray([.. classes.Select(name => JsonValue.Create(name))]) : null,
            ["parts"] = new JsonObject
            {
                ["train"] = data.Train.Count,
                ["validation"] = data.Validation.Count,
                ["test"] = data.Test.Count,
            },
            ["source"] = rows.Source,
            ["sha256"] = rows.Sha256,
            ["file"] = path,
        };
        List<(string, string)> text =
        [
            ("name", rows.Name),
            ("parts", $"train {data.Train.Count}, validation {data.Validation.Count}, test {data.Test.Count} rows"),
            ("shape", $"[{string.Join("; ", rows.RowShape)}]"),
            ("values", $"{Result.Show(least)} to {Result.Show(most)} in {split}"),
            ("source", rows.Source),
            ("sha256", rows.Sha256),
        ];
        if (rows.Classes is not null)
            text.Add(("classes", string.Join(' ', rows.Classes)));
        if (path is not null)
            text.Add(("picture", path));
        return new Result(json, Result.Lines(text));
    }
}
