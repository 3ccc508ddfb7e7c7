using Xunit;

namespace Functional.Tests;

/// <summary>The README's example for C# is code that compiles and runs.</summary>
public class ReadmeTests
{
    private const string Indent = "        ";

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Functional.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"no Functional.sln above {AppContext.BaseDirectory}");
    }

    private static string Between(string text, string before, string after)
    {
        int start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        Assert.True(start >= before.Length, $"found no {before.Trim()}");
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }

    [Fact]
    public void TheReadmeQuotesTheExample()
    {
        string root = Root();
        string quoted = Between(File.ReadAllText(Path.Combine(root, "README.md")), "```csharp\nusing Functional;\n\n", "```");
        string source = File.ReadAllText(Path.Combine(root, "tests", "Facade.CSharp.Tests", "ReadmeExample.cs"));
        string[] lines = Between(source, "// README begins\n", Indent + "// README ends").Split('\n');
        Assert.Equal(string.Join('\n', lines.Select(line => line.StartsWith(Indent) ? line[Indent.Length..] : line)), quoted);
    }

    [Fact]
    public void TheExampleRuns()
    {
        string[] files = [Path.GetFullPath("samples.png"), Path.GetFullPath("vae.safetensors")];
        foreach (string file in files)
            File.Delete(file);
        ReadmeExample.Run();
        Assert.All(files, file => Assert.True(new FileInfo(file).Length > 1000, file));
    }
}
