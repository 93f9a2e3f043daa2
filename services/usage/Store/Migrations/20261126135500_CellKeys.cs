using System;
using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Usage.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class CellKeys : Migration
    {
        /// <summary>As CellKey.Digest().</summary>
        internal const string Digest =
            "encode(substring(sha256(convert_to(concat_ws(chr(31), shape::text, department, hospital_group, establishment, unit, function, regime, reason, outcome, source), 'UTF8')) FROM 1 FOR 16), 'hex')::uuid";

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_cells_shape_department_hospital_group_establishment_unit_fu~",
                table: "cells");

            migrationBuilder.AddColumn<Guid>(
                name: "key",
                table: "cells",
                type: "uuid",
                nullable: true);

            // What is counted keeps its cells.
            migrationBuilder.Sql($"UPDATE cells SET key = {Digest}");

            migrationBuilder.AlterColumn<Guid>(
                name: "key",
                table: "cells",
                type: "uuid",
                nullable: false,
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_cells_key",
                table: "cells",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cells_shape_department",
                table: "cells",
                columns: new[] { "shape", "department" });

            // Sums that are kept from now on, of the months that are counted.
            AddSums(migrationBuilder, 13, "department, hospital_group, establishment, unit, function, regime, '' AS reason, '' AS outcome, '' AS source");
            AddSums(migrationBuilder, 14, "department, hospital_group, establishment, '' AS unit, '' AS function, '' AS regime, reason, outcome, source");

            // What is past its time is found without reading the table: its key begins with the cell. A row is written in the order of time, so
            // the least and the most of some pages are enough. Days have parts by month; sums are short, and boards would be answered by it.
            foreach (var table in (string[])["usage_minute", "usage_hour"])
                migrationBuilder.Sql($"CREATE INDEX ix_{table}_period ON {table} USING brin (period) WITH (pages_per_range = 32, autosummarize = on)");
        }

        private static void AddSums(MigrationBuilder migrationBuilder, int shape, string words)
        {
            var measures = "consultations working milliseconds h00 h01 h02 h03 h04 h05 h06 h07 h08 h09 h10 h11 h12 h13 h14 h15".Split(' ');
            const string columns = "shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source";
            migrationBuilder.Sql($"INSERT INTO cells ({columns}, key) SELECT {columns}, {Digest} FROM (SELECT DISTINCT {shape}::smallint AS shape, {words} FROM cells WHERE cells.shape = 0) AS told");
            migrationBuilder.Sql(
                $"""
                INSERT INTO sums_month (cell, period, {string.Join(", ", measures)})
                SELECT own.id, told.period, {string.Join(", ", measures.Select(measure => $"SUM(told.{measure})"))}
                FROM (
                    SELECT {Digest} AS key, part.* FROM (
                        SELECT {shape}::smallint AS shape, {words}, r.period, {string.Join(", ", measures.Select(measure => "r." + measure))} FROM usage_month r JOIN cells ON cells.id = r.cell WHERE cells.shape = 0
                    ) AS part
                ) AS told JOIN cells AS own ON own.key = told.key
                GROUP BY own.id, told.period
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in (string[])["usage_minute", "usage_hour"])
                migrationBuilder.Sql($"DROP INDEX ix_{table}_period");

            migrationBuilder.DropIndex(
                name: "IX_cells_key",
                table: "cells");

            migrationBuilder.DropIndex(
                name: "IX_cells_shape_department",
                table: "cells");

            migrationBuilder.Sql("DELETE FROM sums_month WHERE cell IN (SELECT id FROM cells WHERE shape IN (13, 14))");
            migrationBuilder.Sql("DELETE FROM cells WHERE shape IN (13, 14)");

            migrationBuilder.DropColumn(
                name: "key",
                table: "cells");

            migrationBuilder.CreateIndex(
                name: "IX_cells_shape_department_hospital_group_establishment_unit_fu~",
                table: "cells",
                columns: new[] { "shape", "department", "hospital_group", "establishment", "unit", "function", "regime", "reason", "outcome", "source" },
                unique: true);
        }
    }
}
