"""Says in a few Chinese lines what became of everything."""

import statistics
from typing import Any

KILLS, VISITS = "击杀", ("走访", "写满后的走访", "坏磁盘后的走访")


def table(found: dict[str, Any]) -> str:
    """Return the tally as a person reads it."""
    load = f"{found['load_before'][0]:.1f} → {found['load_after'][0]:.1f}"
    lines = [f"种子 {found['seed']} · 本机负荷 {load}"]
    for name, part in found["parts"].items():
        if name == KILLS:
            lines += _of_kills(part)
        elif name in VISITS:
            lines += _of_visits(name, part)
        else:
            lines.append(_of_hardship(name, part))
    lines.append("全部达到。" if found["met"] else "有没有达到的,见上。")
    return "\n".join(lines)


def _of_kills(part: dict[str, Any]) -> list[str]:
    lines = [f"{'被杀':<12} 次数  中位恢复  最长恢复(秒)"]
    for victim, times in sorted(part["back"].items()):
        middle = statistics.median(times)
        lines.append(f"{victim:<14}{len(times):>4}{middle:>9.1f}{max(times):>10.1f}")
    lines.append(
        f"共 {part['number']} 次,超过 15 秒 {part['late']} 次,"
        f"欠下没做的任务 {part['undone']} 件 {_verdict(part)}"
    )
    return lines


def _of_visits(name: str, part: dict[str, Any]) -> list[str]:
    answers = " · ".join(f"{key} {n}" for key, n in part["answers"].items())
    return [
        f"{name}:发出 {part['asked']} · 确认 {part['kept']} · 存下 {part['stored']} · "
        f"丢失 {part['lost']} · 重复 {part['doubled']} · 残缺 {part['half']} · "
        f"内容不符 {part['changed']} {_verdict(part)}",
        f"  回答:{answers}",
    ]


def _of_hardship(name: str, part: dict[str, Any]) -> str:
    if "back" not in part:
        return f"{name}:{part.get('words', '')} {_verdict(part)}"
    heard = " · ".join(f"{key} {n}" for key, n in part["heard"].items())
    return (
        f"{name}:{part['words']} 其间接受 {part['accepted']} 次、"
        f"最慢 {part['slowest']:.1f} 秒、{part['back']:.1f} 秒恢复 {_verdict(part)}"
        f"\n  回答:{heard}"
    )


def _verdict(part: dict[str, Any]) -> str:
    return "✓" if part["met"] else "✗"
