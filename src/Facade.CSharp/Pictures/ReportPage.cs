using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Functional;

/// <summary>The parts of a run's page.</summary>
internal sealed class ReportPage(JsonObject config, IReadOnlyList<EpochMetrics> epochs, IReadOnlyList<(int Epoch, string Path)> pictures)
{
    /// <summary>More pictures than this make a page slow to load.</summary>
    public const int MostPictures = 60;

    private const string HeldOut = "val_";

    private readonly StringBuilder _page = new();

    public string ToHtml()
    {
        string title = $"{Text(config["model"])} on {Text(config["data"]?["name"])}";
        Add("<!DOCTYPE html>");
        Add("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Add($"<title>{Markup.Escape(title)}</title>");
        Add($"<style>\n{Resource("report.css")}</style></head><body>");
        Add($"<h1>{Markup.Escape(title)}</h1>");
        Add($"<p>{Markup.Escape(Progress())}</p>");
        AddPictures();
        AddCurves();
        AddNumbers();
        AddSettings();
        Add("</body></html>");
        return _page.ToString();
    }

    private string Progress()
    {
        if (epochs.Count == 0)
            return "No epoch is complete yet.";
        EpochMetrics last = epochs[^1];
        TimeSpan time = TimeSpan.FromSeconds(epochs.Sum(epoch => epoch.Seconds));
        string spent = time.TotalMinutes < 1 ? $"{Show(time.TotalSeconds, "F1")} s" : $"{(int)time.TotalMinutes} min {time.Seconds} s";
        return $"{last.Epoch} of {Text(config["options"]?["epochs"])} epochs, {last.Step} steps, {spent} of training.";
    }

    private void AddPictures()
    {
        IReadOnlyList<(int Epoch, string Path)> chosen = Thinned(pictures);
        if (chosen.Count == 0)
            return;
        Add("<h2>Pictures</h2>");
        if (chosen.Count < pictures.Count)
            Add($"<p class=\"note\">{chosen.Count} of {pictures.Count} pictures, evenly spaced.</p>");
        int last = chosen.Count - 1;
        Add(
            $"<div class=\"slider\"><label for=\"epoch\">Epoch</label><input id=\"epoch\" type=\"range\" min=\"0\" max=\"{last}\" value=\"{last}\">"
                + $"<output id=\"shown\" for=\"epoch\">{chosen[^1].Epoch}</output></div>"
        );
        for (int i = 0; i <= last; i++)
        {
            (int epoch, string path) = chosen[i];
            Add(
                $"<figure data-epoch=\"{epoch}\"{(i < last ? " hidden" : "")}><img alt=\"Samples after epoch {epoch}\" "
                    + $"src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}\"></figure>"
            );
        }

        Add($"<script>\n{Resource("report.js")}</script>");
    }

    private void AddCurves()
    {
        if (epochs.Count == 0)
            return;
        Add("<h2>Learning curves</h2>\n<div class=\"charts\">");
        foreach (string name in Names())
        {
            Series[] curves = [.. from curve in (string[])[name, HeldOut + name] where Has(curve) select Curve(curve)];
            double[] values = [.. curves.SelectMany(curve => curve.Y).Where(double.IsFinite)];
            // What falls by more than a factor of 50 would hide its end on a linear axis.
            bool isLogarithmic = values.Length > 0 && values.Min() > 0 && values.Max() > 50 * values.Min();
            string label = curves.Length == 1 ? curves[0].Name : name;
            Add($"<div>{Charts.Lines(name, "epoch", label, curves, isLogarithmic).Svg}</div>");
        }

        Add("</div>");
    }

    private void AddNumbers()
    {
        if (epochs.Count == 0)
            return;
        bool isHeldOut = Names().Any(name => Has(HeldOut + name));
        Add(
            $"<h2>After epoch {epochs[^1].Epoch}</h2>\n<table><thead><tr><th>metric</th><th>training</th>{(isHeldOut ? "<th>held out</th>" : "")}</tr></thead><tbody>"
        );
        foreach (string name in Names())
            Add($"<tr><th>{Markup.Escape(name)}</th><td>{Last(name)}</td>{(isHeldOut ? $"<td>{Last(HeldOut + name)}</td>" : "")}</tr>");
        Add("</tbody></table>");
    }

    private void AddSettings()
    {
        Add("<h2>What was trained on what</h2>\n<div class=\"tables\">");
        AddTable("run", config.Where(entry => entry.Value is not JsonObject));
        foreach ((string name, JsonNode? part) in config)
        {
            if (part is JsonObject entries)
                AddTable(name, entries);
        }

        Add("</div>");
    }

    private void AddTable(string name, IEnumerable<KeyValuePair<string, JsonNode?>> entries)
    {
        Add($"<table><caption>{Markup.Escape(name)}</caption><tbody>");
        foreach ((string key, JsonNode? value) in entries)
            Add($"<tr><th>{Markup.Escape(key.Replace('_', ' '))}</th><td>{Markup.Escape(Text(value))}</td></tr>");
        Add("</tbody></table>");
    }

    /// <summary>At most <see cref="MostPictures"/>, evenly spaced, the first and the last among them.</summary>
    private static IReadOnlyList<(int Epoch, string Path)> Thinned(IReadOnlyList<(int Epoch, string Path)> all) =>
        all.Count <= MostPictures ? all : [.. Enumerable.Range(0, MostPictures).Select(i => all[i * (all.Count - 1) / (MostPictures - 1)])];

    /// <summary>The metrics without those of held-out rows, unless there is nothing else under a name.</summary>
    private IEnumerable<string> Names() =>
        epochs
            .SelectMany(epoch => epoch.Values.Keys)
            .Select(name => name.StartsWith(HeldOut, StringComparison.Ordinal) ? name[HeldOut.Length..] : name)
            .Distinct();

    private bool Has(string name) => epochs.Any(epoch => epoch.Values.ContainsKey(name));

    private Series Curve(string name) =>
        new(
            name,
            [.. epochs.Select(epoch => (double)epoch.Epoch)],
            [.. epochs.Select(epoch => epoch.Values.GetValueOrDefault(name, double.NaN))]
        );

    private string Last(string name) => epochs[^1].Values.TryGetValue(name, out double value) ? Show(value, "G6") : "";

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(JsonNode? value) =>
        value switch
        {
            null => "none",
            JsonArray { Count: 0 } => "none",
            JsonArray list => string.Join(", ", list.Select(Text)),
            JsonObject entries => string.Join(", ", entries.Select(entry => $"{entry.Key} {Text(entry.Value)}")),
            _ when value.GetValueKind() == JsonValueKind.String => (string)value!,
            _ => value.ToJsonString(),
        };

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private void Add(string line) => _page.Append(line).Append('\n');
}
