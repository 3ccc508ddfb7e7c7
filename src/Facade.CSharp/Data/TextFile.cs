using System.Text;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Files of text.</summary>
internal static class TextFile
{
    /// <summary>Writes a text in UTF-8, whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Core.Output.atomically(
            path,
            FSharpFunc<Stream, Unit>.FromConverter(stream =>
            {
                stream.Write(bytes);
                return null!;
            })
        );
    }
}
