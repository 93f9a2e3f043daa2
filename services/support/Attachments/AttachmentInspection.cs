namespace Cdr.Support.Attachments;

/// <summary>What became of a file that was sent.</summary>
internal abstract record InspectedFile
{
    /// <param name="Name">Without a path, safe to show and to save.</param>
    /// <param name="Type">By its content.</param>
    /// <param name="Bytes">What is kept: an image without anything but its picture.</param>
    public sealed record Accepted(string Name, string Type, byte[] Bytes) : InspectedFile
    {
        public override string ToString() => $"{nameof(Accepted)} {Type} {Bytes.Length}";
    }

    /// <param name="Code">Stable.</param>
    /// <param name="Message">For the clerk.</param>
    public sealed record Refused(string Code, string Message) : InspectedFile;
}

/// <summary>Images and PDF alone, known by their content and taken apart: what is not understood to its last byte is not kept. Pure.</summary>
internal static class AttachmentInspection
{
    public const int MostBytes = 5 * 1024 * 1024;

    public static InspectedFile Inspect(string? name, byte[] bytes)
    {
        if (bytes.Length == 0)
            return new InspectedFile.Refused("file-empty", "Le fichier est vide.");
        if (bytes.Length > MostBytes)
            return new InspectedFile.Refused("file-too-large", "Le fichier dépasse 5 Mo.");
        (string Type, string[] Extensions, Func<byte[], (byte[]? Kept, string? Fault)> Read)? kind = bytes switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ("image/png", ["png"], PngPicture.Read),
            [0xFF, 0xD8, 0xFF, ..] => ("image/jpeg", ["jpg", "jpeg"], JpegPicture.Read),
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => ("application/pdf", ["pdf"], PdfFile.Read),
            _ => null,
        };
        if (kind is not { } known)
            return new InspectedFile.Refused("type-refused", "Seules les images PNG et JPEG et les fichiers PDF sont acceptés.");
        var safe = SafeName(name);
        var dot = safe.LastIndexOf('.');
        if (dot >= 0 && !known.Extensions.Contains(safe[(dot + 1)..].ToLowerInvariant()))
            return new InspectedFile.Refused("extension-mismatch", "Le nom du fichier ne dit pas ce qu'il contient.");
        if (dot < 0)
            safe += "." + known.Extensions[0];
        var (kept, fault) = known.Read(bytes);
        return kept is not null
            ? new InspectedFile.Accepted(safe, known.Type, kept)
            : new InspectedFile.Refused(fault!, fault == "picture-too-large"
                ? "L'image est trop grande."
                : "Le fichier contient autre chose que ce qu'il montre : il n'est pas gardé. Faites une copie d'écran.");
    }

    /// <summary>The last part of a path of any system, of letters, digits and a few signs.</summary>
    internal static string SafeName(string? name)
    {
        var last = (name ?? "").Split('/', '\\', ':')[^1];
        var safe = string.Concat(last.Normalize().Where(one => char.IsLetterOrDigit(one) || one is '.' or '-' or '_' or ' ' or '(' or ')')).Trim(' ', '.');
        while (safe.Contains("..", StringComparison.Ordinal))
            safe = safe.Replace("..", ".", StringComparison.Ordinal);
        if (safe.Length > 100)
            safe = safe[^100..].TrimStart(' ', '.');
        return safe.Length == 0 || safe[0] == '.' ? "fichier" + safe : safe;
    }
}
