using System.Text.Json;

namespace Cdr.RegimeSimulator.Protocols;

internal sealed class JsonSink(Utf8JsonWriter writer, Vocabulary vocabulary) : IAnswerSink
{
    public void Text(Member member, string value) => writer.WriteString(vocabulary.Json(member), value);

    public void Number(Member member, int value) => writer.WriteNumber(vocabulary.Json(member), value);

    public void Flag(Member member, bool value) => writer.WriteBoolean(vocabulary.Json(member), value);

    public void Null(Member member) => writer.WriteNull(vocabulary.Json(member));

    public void Begin(Member member) => writer.WriteStartObject(vocabulary.Json(member));

    public void End() => writer.WriteEndObject();

    public void BeginList(Member member) => writer.WriteStartArray(vocabulary.Json(member));

    public void BeginItem(Member list) => writer.WriteStartObject();

    public void EndList() => writer.WriteEndArray();
}
