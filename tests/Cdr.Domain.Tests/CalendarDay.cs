namespace Cdr.Domain.Tests;

public sealed record CalendarDay(DateOnly Date);
