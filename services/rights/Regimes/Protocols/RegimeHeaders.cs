namespace Cdr.Rights.Regimes.Protocols;

/// <summary>What every request says of itself; nothing of it is personal. <c>traceparent</c> is the HTTP client's.</summary>
internal static class RegimeHeaders
{
    public static Dictionary<string, string> Of(RegimeQuestion question) => new(StringComparer.Ordinal)
    {
        ["X-Consultation"] = question.Consultation.ToString(),
        ["X-Establishment"] = question.Establishment.Value,
        ["X-Purpose"] = question.Reason.Id,
    };

    public static HttpRequestMessage Post(string path, RegimeQuestion question, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in Of(question))
            request.Headers.Add(name, value);
        return request;
    }
}
