# 结对关爱 · 金昌: the commands of the house. `make help` says them in Chinese.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup dev test bench fuzz faults sabotage lint format lock sbom audit licences

# Any Python 3.11 will do to begin with; everything else is fetched by set-up.
PYTHON ?= $(shell for name in python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	&& echo "$$name" && break; done)
VENV := .venv/bin

help:
	@echo "make run      装好缺少的一切并启动(PORT=8000 DATA_DIR=var DEMO=1),Ctrl-C 停止"
	@echo "make setup    只装好、建库,不启动(DEMO=0 为空系统,显示首个管理员的一次性密码)"
	@echo "make test     静态检查和全部测试"
	@echo "make bench    各项性能与其基线同场比较,结果在 var/bench.json"
	@echo "make fuzz     六万份乱填的表单和查询、两千个损坏的文件(FUZZ_SEED=)"
	@echo "make faults   持续提交走访时随机杀进程、断资源,之后逐条核对(SEED= KILLS=200),结果在 var/faults.json"
	@echo "make sabotage 逐一拆掉四十处防护,看点名的测试是否发现(在临时副本里)"
	@echo "make lint     只做静态检查"
	@echo "make format   整理代码格式"
	@echo "make lock     重新锁定依赖(带哈希)"
	@echo "make sbom     软件物料清单(CycloneDX),写入 var/sbom.json"
	@echo "make audit    查依赖的已知漏洞,连不上时说明数据有多旧"
	@echo "make licences 重写依赖许可一览 docs/licences.md"

run: have-python
	@"$(PYTHON)" scripts/set_up.py
	@exec $(VENV)/python -m jinchang_care.keeper

setup: have-python
	@"$(PYTHON)" scripts/set_up.py
	@exec $(VENV)/python -m jinchang_care.keeper --set-up

dev: have-python
	@"$(PYTHON)" scripts/set_up.py --dev

test: dev
	@exec $(VENV)/python scripts/check.py --tests

lint: dev
	@exec $(VENV)/python scripts/check.py

bench: dev
	@exec $(VENV)/python -m benchmarks

fuzz: dev
	@FUZZ_SCALE=1 exec $(VENV)/python -m pytest tests/fuzz -n auto --dist worksteal -q

faults: dev
	@exec $(VENV)/python -m faults

sabotage: dev
	@exec $(VENV)/python scripts/sabotage.py

format: dev
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

lock: dev
	@exec /bin/bash scripts/lock.sh --upgrade

sbom: dev
	@exec $(VENV)/python -W ignore scripts/bill_of_materials.py

audit: dev
	@exec $(VENV)/python -W ignore scripts/advisories.py

licences: dev
	@exec $(VENV)/python -W ignore scripts/licences.py

.PHONY: have-python
have-python:
	@test -n "$(PYTHON)" || { echo "没有找到 Python 3.11,请先安装它。" >&2; exit 1; }
