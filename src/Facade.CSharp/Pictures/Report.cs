namespace Functional;

/// <summary>
/// A page about a run: what was trained on what, the learning curves, the last numbers and the pictures of the epochs behind one slider.
/// One HTML file that needs no network and nothing else.
/// </summary>
public static class Report
{
    /// <summary>The page of a run, as text.</summary>
    /// <param name="run">A folder that <see cref="Callbacks.Checkpoint"/> kept; the training may still go on.</param>
    /// <exception cref="FileNotFoundException">the folder holds no run.</exception>
    /// <exception cref="InvalidDataException">its settings are damaged.</exception>
    public static string Html(string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        RunPaths paths = new(run);
        paths.Require();
        return new ReportPage(RunConfig.Read(paths.Config).Json, MetricsFile.Read(paths.Metrics), paths.Samples).ToHtml();
    }

    /// <summary>Writes the page of a run, whole or not at all.</summary>
    /// <param name="run">A folder that <see cref="Callbacks.Checkpoint"/> kept.</param>
    /// <param name="path">The HTML file, or null for <c>report.html</c> in the run folder.</param>
    /// <returns>The file.</returns>
    /// <exception cref="FileNotFoundException">the folder holds no run.</exception>
    /// <exception cref="InvalidDataException">its settings are damaged.</exception>
    public static string Save(string run, string? path = null)
    {
        string file = path ?? new RunPaths(run).Report;
        TextFile.Write(file, Html(run));
        return file;
    }
}
