using Microsoft.Net.Http.Headers;

namespace Cdr.RegimeSimulator.Protocols;

internal static class ContentTypes
{
    /// <param name="charset">Checked when the request names one; <paramref name="required"/> says whether it must.</param>
    public static bool Is(HttpRequest request, string mediaType, string charset, bool required = false) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Charset.HasValue ? HeaderUtilities.RemoveQuotes(type.Charset).Equals(charset, StringComparison.OrdinalIgnoreCase) : !required);
}
