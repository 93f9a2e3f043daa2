using Hl7.Fhir.Model;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The extensions of one element, all of them known: an unknown one might change what the element means.</summary>
internal readonly struct FhirExtensions
{
    private readonly List<Extension> extensions;

    /// <exception cref="UnreadableAnswerException">An extension that has no place here, or the same twice.</exception>
    public FhirExtensions(IEnumerable<Extension> extensions, params ReadOnlySpan<string> known)
    {
        this.extensions = [.. extensions];
        foreach (var extension in this.extensions)
            if (!known.Contains(extension.Url) || this.extensions.Count(one => one.Url == extension.Url) > 1)
                throw new UnreadableAnswerException("extension");
    }

    public string? Text(string url) => Value<FhirString>(url)?.Value;

    public string? Code(string url) => Value<Code>(url)?.Value;

    public int? Number(string url) => Value<Integer>(url)?.Value;

    public bool? Flag(string url) => Value<FhirBoolean>(url)?.Value;

    public string? Day(string url) => Value<Date>(url)?.Value;

    public Period? Period(string url) => Value<Period>(url);

    private T? Value<T>(string url)
        where T : DataType
    {
        var extension = extensions.Find(one => one.Url == url);
        return extension is null ? null : extension.Value as T ?? throw new UnreadableAnswerException("extension");
    }
}
