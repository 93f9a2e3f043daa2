using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Cdr.Usage.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Rollups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "daily");

            migrationBuilder.AddColumn<int>(
                name: "frozen_before",
                table: "journals",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "recounted_to",
                table: "journals",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "cells",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    department = table.Column<string>(type: "text", nullable: false),
                    hospital_group = table.Column<string>(type: "text", nullable: false),
                    establishment = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    function = table.Column<string>(type: "text", nullable: false),
                    regime = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cells", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "presences",
                columns: table => new
                {
                    establishment = table.Column<string>(type: "text", nullable: false),
                    function = table.Column<string>(type: "text", nullable: false),
                    department = table.Column<string>(type: "text", nullable: false),
                    hospital_group = table.Column<string>(type: "text", nullable: false),
                    first_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_presences", x => new { x.establishment, x.function });
                });

            migrationBuilder.CreateTable(
                name: "sums_day",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sums_day", x => new { x.cell, x.period });
                });

            migrationBuilder.CreateTable(
                name: "sums_hour",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sums_hour", x => new { x.cell, x.period });
                });

            migrationBuilder.CreateTable(
                name: "sums_minute",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sums_minute", x => new { x.cell, x.period });
                });

            migrationBuilder.CreateTable(
                name: "sums_month",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sums_month", x => new { x.cell, x.period });
                });

            migrationBuilder.CreateTable(
                name: "usage_hour",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_hour", x => new { x.cell, x.period });
                });

            migrationBuilder.CreateTable(
                name: "usage_minute",
                columns: table => new
                {
                    cell = table.Column<int>(type: "integer", nullable: false),
                    period = table.Column<int>(type: "integer", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false),
                    h00 = table.Column<int>(type: "integer", nullable: false),
                    h01 = table.Column<int>(type: "integer", nullable: false),
                    h02 = table.Column<int>(type: "integer", nullable: false),
                    h03 = table.Column<int>(type: "integer", nullable: false),
                    h04 = table.Column<int>(type: "integer", nullable: false),
                    h05 = table.Column<int>(type: "integer", nullable: false),
                    h06 = table.Column<int>(type: "integer", nullable: false),
                    h07 = table.Column<int>(type: "integer", nullable: false),
                    h08 = table.Column<int>(type: "integer", nullable: false),
                    h09 = table.Column<int>(type: "integer", nullable: false),
                    h10 = table.Column<int>(type: "integer", nullable: false),
                    h11 = table.Column<int>(type: "integer", nullable: false),
                    h12 = table.Column<int>(type: "integer", nullable: false),
                    h13 = table.Column<int>(type: "integer", nullable: false),
                    h14 = table.Column<int>(type: "integer", nullable: false),
                    h15 = table.Column<int>(type: "integer", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    working = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_minute", x => new { x.cell, x.period });
                });

            // By hand: the tool knows no partitions.
            migrationBuilder.Sql(CountPartitions.Sql(new DateOnly(2026, 11, 1), months: 62));
            foreach (var table in (string[])["usage_minute", "usage_hour", "sums_minute", "sums_hour", "sums_day", "sums_month"])
                migrationBuilder.Sql($"ALTER TABLE {table} SET (fillfactor = 80)");

            // All is counted again, from the first batch of each journal: what was counted told neither minutes nor durations.
            migrationBuilder.Sql("UPDATE journals SET last_batch = 0; DELETE FROM regime_daily;");

            migrationBuilder.CreateIndex(
                name: "IX_cells_establishment_shape",
                table: "cells",
                columns: new[] { "establishment", "shape" });

            migrationBuilder.CreateIndex(
                name: "IX_cells_hospital_group_shape",
                table: "cells",
                columns: new[] { "hospital_group", "shape" });

            migrationBuilder.CreateIndex(
                name: "IX_cells_shape_department_hospital_group_establishment_unit_fu~",
                table: "cells",
                columns: new[] { "shape", "department", "hospital_group", "establishment", "unit", "function", "regime", "reason", "outcome", "source" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cells");

            migrationBuilder.DropTable(
                name: "presences");

            migrationBuilder.DropTable(
                name: "sums_day");

            migrationBuilder.DropTable(
                name: "sums_hour");

            migrationBuilder.DropTable(
                name: "sums_minute");

            migrationBuilder.DropTable(
                name: "sums_month");

            migrationBuilder.DropTable(
                name: "usage_day");

            migrationBuilder.DropTable(
                name: "usage_hour");

            migrationBuilder.DropTable(
                name: "usage_minute");

            migrationBuilder.DropTable(
                name: "usage_month");

            migrationBuilder.DropColumn(
                name: "frozen_before",
                table: "journals");

            migrationBuilder.DropColumn(
                name: "recounted_to",
                table: "journals");

            migrationBuilder.CreateTable(
                name: "daily",
                columns: table => new
                {
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    department = table.Column<string>(type: "text", nullable: false),
                    hospital_group = table.Column<string>(type: "text", nullable: false),
                    establishment = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    function = table.Column<string>(type: "text", nullable: false),
                    regime = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    consultations = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_daily", x => new { x.day, x.department, x.hospital_group, x.establishment, x.unit, x.function, x.regime, x.reason, x.outcome, x.source });
                });

            migrationBuilder.CreateIndex(
                name: "IX_daily_establishment_day",
                table: "daily",
                columns: new[] { "establishment", "day" });

            migrationBuilder.CreateIndex(
                name: "IX_daily_hospital_group_day",
                table: "daily",
                columns: new[] { "hospital_group", "day" });
        }
    }
}
